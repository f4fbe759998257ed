// @ts-check
// The list of conversations as a drawer on narrow screens. Without this file its address, #sidebar, opens it.

const sidebar = document.getElementById("sidebar");
const main = document.getElementById("main");

/** @type {Element | null} */
let opener = null;

/**
 * @param {boolean} open
 */
export function drawer(open) {
  if (!sidebar || !main || open === sidebar.hasAttribute("data-open")) return;
  sidebar.toggleAttribute("data-open", open);
  main.inert = open;
  if (open) {
    opener = document.activeElement;
    sidebar.focus();
  } else if (opener instanceof HTMLElement) {
    opener.focus();
  }
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const link = /** @type {HTMLElement | null} */ (event.target.closest("[data-drawer]"));
  if (!link) return;
  event.preventDefault();
  drawer(link.dataset.drawer === "open");
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog:modal, [popover]:popover-open")) drawer(false);
});

// Wide again: nothing may stay inert.
matchMedia("(max-width: 52rem)").addEventListener("change", () => drawer(false));
