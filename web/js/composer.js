// @ts-check
// The field where a person writes. It grows with its text, Enter sends, and what was written is kept until it is sent:
// through a reload, and when the server does not take it.
import { attach, complain, files, takeFiles } from "./attach.js";
import { toEnd } from "./follow.js";
import { ask } from "./fragment.js";
import { sayError } from "./say.js";
import { isRunning, sync } from "./state.js";
import { hold } from "./stream.js";
import { address, atEnd, list, put } from "./turns.js";

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("composer"));
const field = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("text"));
const STORED = `draft ${location.pathname}`;
const PAUSE_MS = 400;
let timer = 0;
let sending = false;

/** On a phone the Enter key breaks the line: there is no Shift to hold. */
const phone = matchMedia("(hover: none) and (pointer: coarse)");
const grows = CSS.supports("field-sizing", "content");

function fit() {
  if (grows || !field) return;
  field.style.blockSize = "auto";
  field.style.blockSize = `${field.scrollHeight}px`;
}

function keep() {
  clearTimeout(timer);
  try {
    if (field?.value) sessionStorage.setItem(STORED, field.value);
    else sessionStorage.removeItem(STORED);
  } catch {
    // A browser that keeps nothing, or a text too long to be kept.
  }
}

function kept() {
  try {
    return sessionStorage.getItem(STORED) ?? "";
  } catch {
    return "";
  }
}

/**
 * @param {string} text
 */
function set(text) {
  if (!field) return;
  field.value = text;
  fit();
  keep();
}

/**
 * The message as it will look, before the server has it.
 * @param {string} text
 * @param {File[]} attached
 */
function show(text, attached) {
  const template = document.getElementById("row-sending");
  if (!(template instanceof HTMLTemplateElement) || !list) return null;
  const fragment = document.importNode(template.content, true);
  const row = /** @type {HTMLElement} */ (fragment.querySelector("li"));
  const words = row.querySelector(".plain");
  if (words) words.textContent = [text, ...attached.map((file) => `📎 ${file.name}`)].filter(Boolean).join("\n");
  document.querySelector("[data-thread] > .empty")?.remove();
  list.append(row);
  begun(true);
  toEnd();
  return row;
}

/**
 * The page of a new chat makes room for its first message.
 * @param {boolean} yes
 */
function begun(yes) {
  const welcome = document.getElementById("welcome");
  if (!welcome) return;
  welcome.toggleAttribute("data-begun", yes);
  document.querySelector("[data-thread]")?.toggleAttribute("hidden", !yes);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLTextAreaElement} field
 */
async function send(form, field) {
  const text = field.value;
  if (sending || (text.trim() === "" && files().length === 0)) return;
  if (isRunning()) return complain("An answer is being written. Wait for its end, or stop it first.");
  const body = new FormData(form);
  body.delete("files");
  const attached = takeFiles();
  for (const file of attached) body.append("files", file);
  sending = true;
  complain("");
  set("");
  const row = show(text, attached);
  const release = hold();
  try {
    const { landed, fragment } = await ask(form.getAttribute("action") ?? "", { method: "POST", body });
    if (landed) return location.assign(landed);
    put(row, fragment);
    sync();
    toEnd();
  } catch (error) {
    row?.remove();
    begun(false);
    // What was typed meanwhile stays behind it.
    set([text, field.value].filter(Boolean).join("\n\n"));
    await attach(attached);
    complain(`Not sent. ${error instanceof Error ? error.message : "Try again."}`);
    field.focus();
  } finally {
    sending = false;
    release();
  }
}

/** Ends the running answer. */
export async function stop() {
  const button = document.getElementById("stop");
  if (!address || !isRunning() || button?.ariaBusy === "true") return;
  if (button) button.ariaBusy = "true";
  try {
    await ask(`${address}/stop`, { method: "POST" });
  } catch (error) {
    if (button) button.ariaBusy = null;
    sayError(error);
  }
}

if (form && field && atEnd) {
  if (!field.value) set(kept());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, field);
  });
  document.getElementById("stop-form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    stop();
  });

  field.addEventListener("input", () => {
    fit();
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE_MS);
  });
  addEventListener("pagehide", keep);

  field.addEventListener("keydown", (event) => {
    // An input method uses Enter to take a word; Safari says so only by the old key code.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey && (!phone.matches || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "ArrowUp" && field.value === "" && !event.shiftKey) {
      const edits = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-key-last='e']"));
      const last = edits[edits.length - 1];
      if (!last || isRunning()) return;
      event.preventDefault();
      last.click();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    if (document.querySelector("dialog:modal, [popover]:popover-open, #sidebar[data-open]")) return;
    if (isRunning()) stop();
    else if (document.activeElement === field) field.blur();
  });

  // Whoever has a keyboard can write at once; on a phone the keyboard would cover what is to be read.
  if (!phone.matches && !location.hash) field.focus({ preventScroll: true });
}
