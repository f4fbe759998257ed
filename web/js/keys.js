// @ts-check
// Single-key shortcuts, and the dialog that lists them. They can be switched off (WCAG 2.1.4); kept in this browser.
import { drawer } from "./drawer.js";

const help = /** @type {HTMLDialogElement | null} */ (document.getElementById("keys"));
const STORED = "keys-off";

/** @returns {boolean} */
function off() {
  try {
    return localStorage.getItem(STORED) !== null;
  } catch {
    return false;
  }
}

const toggle = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-keys-on]"));
if (toggle) {
  toggle.checked = !off();
  toggle.addEventListener("change", () => {
    try {
      if (toggle.checked) localStorage.removeItem(STORED);
      else localStorage.setItem(STORED, "1");
    } catch {
      // A browser that keeps nothing: the choice holds for no longer than this page.
    }
  });
}

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest('[data-show="keys"]')) help?.showModal();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (off() || document.querySelector("dialog:modal, [popover]:popover-open")) return;
  if (event.target instanceof Element && event.target.closest("input, textarea, select, iframe, [contenteditable]")) return;
  if (act(event.key)) event.preventDefault();
});

/**
 * @param {string} key
 * @returns {boolean} whether the key means something here
 */
function act(key) {
  if (key === "?" && help) {
    help.showModal();
    return true;
  }
  if (key === "j" || key === "k") return step(key === "j" ? 1 : -1);
  const last = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-key-last="${CSS.escape(key)}"]`))].pop();
  const element = last ?? /** @type {HTMLElement | null} */ (document.querySelector(`[data-key="${CSS.escape(key)}"]`));
  if (!element || (last && !last.checkVisibility({ visibilityProperty: true }))) return false;
  if (element instanceof HTMLInputElement) {
    if (matchMedia("(max-width: 52rem)").matches) drawer(true);
    element.select();
    element.focus();
  } else if (element instanceof HTMLTextAreaElement) {
    element.focus();
  } else {
    element.click();
  }
  return true;
}

/**
 * @param {1 | -1} by
 */
function step(by) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".chat > a:first-child, .list a.title")]);
  if (rows.length === 0) return false;
  const at = rows.findIndex((row) => row === document.activeElement);
  const from = at >= 0 ? at : rows.findIndex((row) => row.ariaCurrent === "page");
  rows[Math.max(0, Math.min(rows.length - 1, from + by))]?.focus();
  return true;
}
