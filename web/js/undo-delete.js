// @ts-check
// Deleting a conversation that has no links: the row says "Deleted" and offers "Undo" for six seconds; only then, or
// when the page is left, the server is asked. Nothing that is gone for good is ever promised back.
import { ask, Refused } from "./fragment.js";
import { say, sayError } from "./say.js";

const GRACE_MS = 6000;

/**
 * Waiting rows by address.
 * @type {Map<string, { row: HTMLElement, timer: number, inside: Node[] }>}
 */
const waiting = new Map();

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const link = /** @type {HTMLAnchorElement | null} */ (event.target.closest("a[data-undo]"));
  const row = /** @type {HTMLElement | null} */ (link?.closest(link.dataset.undo ?? ""));
  if (!link || !row) return;
  event.preventDefault();
  /** @type {HTMLElement | null} */ (link.closest("[popover]"))?.hidePopover();
  const url = link.href;

  const words = document.createElement("span");
  words.setAttribute("role", "status");
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "btn quiet small";
  undo.textContent = "Undo";
  undo.addEventListener("click", () => restore(url));

  waiting.set(url, { row, timer: 0, inside: [...row.childNodes] });
  row.replaceChildren(words, undo);
  row.classList.add("leaving");
  words.textContent = "Deleted";
  undo.focus();

  // Whoever is on the button, or on the row, has all the time they need.
  const start = () => {
    const entry = waiting.get(url);
    if (!entry) return;
    clearTimeout(entry.timer);
    entry.timer = setTimeout(finish, GRACE_MS, url);
  };
  const stop = () => clearTimeout(waiting.get(url)?.timer);
  row.addEventListener("pointerenter", stop);
  row.addEventListener("pointerleave", start);
  undo.addEventListener("blur", start);
  undo.addEventListener("focus", () => undo.matches(":focus-visible") && stop());
  if (!undo.matches(":focus-visible")) start();
});

/**
 * @param {string} url
 */
function restore(url) {
  const entry = waiting.get(url);
  if (!entry) return;
  clearTimeout(entry.timer);
  waiting.delete(url);
  const focused = entry.row.contains(document.activeElement);
  entry.row.replaceChildren(...entry.inside);
  entry.row.classList.remove("leaving");
  if (focused) entry.row.querySelector("a")?.focus();
}

/**
 * @param {string} url
 */
async function finish(url) {
  const entry = waiting.get(url);
  if (!entry) return;
  const here = entry.inside.some((node) => node instanceof HTMLAnchorElement && node.pathname === location.pathname);
  try {
    const { landed } = await ask(url, { method: "POST" });
    // Being sent to the start page is the server's yes.
    if (!landed || new URL(landed).pathname !== "/") throw new Refused("Reload the page and try again.");
    waiting.delete(url);
    if (here) return location.assign("/");
    const group = entry.row.closest("[data-group]");
    entry.row.remove();
    if (group && !group.querySelector("li")) group.remove();
  } catch (error) {
    restore(url);
    if (error instanceof Refused) say(`Not deleted. ${error.message}`);
    else sayError(error);
  }
}

addEventListener("pagehide", () => {
  for (const [url, { row, timer }] of waiting) {
    clearTimeout(timer);
    fetch(url, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => navigator.sendBeacon(url));
    row.remove();
  }
  waiting.clear();
});
