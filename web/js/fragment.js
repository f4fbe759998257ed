// @ts-check
// Asking the server for a piece of a page.

/**
 * What came back: `landed` when the server sent us to another page, else the piece. Not `ok` when the piece is a form
 * that says what to correct.
 * @typedef {{ landed: string | null, ok: boolean, fragment: DocumentFragment }} Answer
 */

/** The server's own words for why it did not do it. */
export class Refused extends Error {}

/**
 * Markup of our own server as nodes of this document. Parsed inside a template, so that table rows stay rows;
 * nothing in it runs.
 * @param {string} html
 * @returns {DocumentFragment}
 */
export function parse(html) {
  const parsed = new DOMParser().parseFromString(`<template>${html}</template>`, "text/html");
  const template = parsed.querySelector("template");
  return template ? document.importNode(template.content, true) : document.createDocumentFragment();
}

/**
 * Fails with words for the person when the server did not answer, and as `Refused` when it answered with an error.
 * A form that comes back with what to correct in it is an answer.
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<Answer>}
 */
export async function ask(url, init = {}) {
  let response;
  let text;
  try {
    response = await fetch(url, { ...init, headers: { "X-Fragment": "1" } });
    text = await response.text();
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Error("The server did not answer. Check the connection and try again.");
  }
  const fragment = parse(text);
  const corrects = response.status < 500 && fragment.querySelector(".panel, form:has([role='alert'], [aria-invalid='true'])");
  if (!response.ok && !corrects) throw new Refused(wordsOf(fragment));
  return { landed: response.redirected ? response.url : null, ok: response.ok, fragment };
}

/**
 * @param {ParentNode} answer an error's fragment or page
 * @returns {string} what it says to the person
 */
export function wordsOf(answer) {
  const words = answer.querySelector("[role='alert'], .wrong")?.textContent?.replace(/\s+/g, " ").trim();
  return words || "That did not work. Reload the page and try again.";
}

/**
 * Takes elements anew from where they came from: the dialog's own address, or the page.
 * @param {string} selectors separated by commas; those that are not on the page are skipped
 */
export async function refresh(selectors) {
  /** @type {Map<string, { whole: boolean, places: { selector: string, element: Element }[] }>} */
  const sources = new Map();
  for (const selector of selectors.split(",").map((s) => s.trim())) {
    const element = document.querySelector(selector);
    if (!element) continue;
    const dialog = /** @type {HTMLElement | null} */ (element.closest("dialog[data-url]"));
    const url = dialog?.dataset.url ?? location.href;
    const source = sources.get(url) ?? { whole: !dialog, places: [] };
    source.places.push({ selector, element });
    sources.set(url, source);
  }
  for (const [url, { whole, places }] of sources) {
    const from = whole ? await page(url) : (await ask(url)).fragment;
    for (const { selector, element } of places) {
      const fresh = from.querySelector(selector);
      if (fresh) adopt(element, fresh);
      else if (whole) return location.reload(); // a row that "Load more" brought is not on the page's first part
    }
  }
}

/**
 * @param {string} url
 * @returns {Promise<Document>}
 */
async function page(url) {
  const response = await fetch(url);
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  if (fresh.title) document.title = fresh.title;
  return fresh;
}

/**
 * Puts `fresh` where `old` was and tells the other behaviours.
 * @param {Element} old
 * @param {Element} fresh
 */
export function adopt(old, fresh) {
  const node = document.importNode(fresh, true);
  old.replaceWith(node);
  arrived(node);
}

/**
 * New markup is on the page.
 * @param {Element} element
 */
export function arrived(element) {
  element.dispatchEvent(new CustomEvent("arrived", { bubbles: true }));
}
