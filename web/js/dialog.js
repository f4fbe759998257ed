// @ts-check
// `<a data-dialog href="…">` opens its page as a dialog. `data-close` closes the dialog it is in; with the value
// "reload" the page under it is loaded again. `data-dialog="again"` loads the dialog it is in anew.
import { arrived, ask } from "./fragment.js";
import { sayError } from "./say.js";

/**
 * @param {HTMLDialogElement} dialog
 * @param {DocumentFragment} fragment
 */
export function fill(dialog, fragment) {
  dialog.replaceChildren(fragment);
  const name = dialog.querySelector("[aria-labelledby]")?.getAttribute("aria-labelledby");
  if (name) dialog.setAttribute("aria-labelledby", name);
  arrived(dialog);
}

/**
 * @param {string} url
 */
async function open(url) {
  const { landed, fragment } = await ask(url);
  if (landed) return location.assign(landed);
  const dialog = document.createElement("dialog");
  dialog.dataset.url = url;
  dialog.setAttribute("closedby", "any");
  document.body.append(dialog);
  fill(dialog, fragment);
  dialog.addEventListener("close", () => {
    const toast = dialog.querySelector("#toast");
    if (toast) document.body.append(toast);
    dialog.remove();
  });
  dialog.showModal();
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.select();
}

document.addEventListener("click", async (event) => {
  if (!(event.target instanceof Element) || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;

  const closer = /** @type {HTMLElement | null} */ (event.target.closest("[data-close]"));
  const around = closer?.closest("dialog");
  if (closer && around) {
    event.preventDefault();
    around.close();
    if (closer.dataset.close === "reload") location.reload();
    return;
  }

  const link = /** @type {HTMLAnchorElement | null} */ (event.target.closest("a[data-dialog]"));
  if (!link || link.ariaBusy === "true") return;
  const inside = link.closest("dialog");
  if (link.dataset.dialog === "again" && !inside) return;
  event.preventDefault();
  /** @type {HTMLElement | null} */ (link.closest("[popover]"))?.hidePopover();
  link.ariaBusy = "true";
  try {
    if (link.dataset.dialog === "again" && inside) {
      fill(inside, (await ask(link.href)).fragment);
    } else {
      await open(link.href);
    }
  } catch (error) {
    sayError(error);
  }
  link.ariaBusy = null;
});

// `<button command="show-modal" commandfor="id">` for browsers that do not know it yet.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button[commandfor]") : null;
    const dialog = document.getElementById(button?.getAttribute("commandfor") ?? "");
    if (!button || !(dialog instanceof HTMLDialogElement)) return;
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else dialog.close();
  });
}
