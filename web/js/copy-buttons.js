// @ts-check
// `data-copy="text"` copies the text; `data-copy-from="selector"` the visible text of an element.
import { copy } from "./clipboard.js";
import { say } from "./say.js";

/**
 * @param {HTMLElement} button
 * @param {boolean} done
 */
export function showCopied(button, done) {
  if (!done) {
    const line = button.closest(".copy-line")?.querySelector("input");
    line?.focus();
    line?.select();
    say(line ? "Press Ctrl+C, or ⌘C, to copy the link." : "This browser did not let us copy.");
    return;
  }
  say("Copied");
  const use = button.querySelector("use");
  const words = button.querySelector("span:not(.vh)");
  const before = words?.textContent ?? "";
  use?.setAttribute("href", use.getAttribute("href")?.replace("#copy", "#check") ?? "");
  if (words) words.textContent = "Copied";
  setTimeout(() => {
    use?.setAttribute("href", use.getAttribute("href")?.replace("#check", "#copy") ?? "");
    if (words && words.textContent === "Copied") words.textContent = before;
  }, 2500);
}

document.addEventListener("click", async (event) => {
  if (!(event.target instanceof Element)) return;
  const button = /** @type {HTMLElement | null} */ (event.target.closest("[data-copy], [data-copy-from]"));
  if (!button) return;
  const from = button.dataset.copyFrom ? /** @type {HTMLElement | null} */ (document.querySelector(button.dataset.copyFrom)) : null;
  showCopied(button, await copy(from ? from.innerText : (button.dataset.copy ?? "")));
});
