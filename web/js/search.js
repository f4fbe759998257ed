// @ts-check
// Search while typing: `<form data-live-search="/address" data-target="#list">`. The arrow keys go through what it finds.
import { arrived, ask } from "./fragment.js";
import { sayError } from "./say.js";

const PAUSE_MS = 150;
let timer = 0;
let asked = new AbortController();

/**
 * @param {HTMLFormElement} form
 * @returns {Promise<boolean>} whether the list shows what the field says
 */
async function search(form) {
  clearTimeout(timer);
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const list = document.querySelector(form.dataset.target ?? "");
  const query = String(new FormData(form).get("q")).replaceAll("\0", " ");
  if (!list) return false;
  try {
    const { landed, fragment } = await ask(`${form.dataset.liveSearch}?q=${encodeURIComponent(query)}`, { signal });
    if (landed) {
      location.assign(landed);
      return false;
    }
    list.replaceChildren(fragment);
    list.scrollTop = 0;
    const outcome = form.querySelector("[data-outcome]");
    if (outcome) outcome.textContent = list.querySelector("[data-outcome]")?.textContent ?? "";
    for (const link of list.querySelectorAll("a")) {
      if (link.parentElement?.matches(".chat") && link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    }
    arrived(list);
    return true;
  } catch (error) {
    if (!signal.aborted) sayError(error);
    return false;
  }
}

/**
 * @param {Element} list
 * @returns {HTMLElement[]} what the arrow keys go through
 */
function rows(list) {
  return [...list.querySelectorAll(".chat > a:first-child, .hit > a, a[data-more]")].filter((row) => row instanceof HTMLElement);
}

for (const form of document.querySelectorAll("form[data-live-search]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  const list = document.querySelector(form.dataset.target ?? "");
  const field = form.querySelector("input");
  if (!list || !field) continue;

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MS, form);
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if ((await search(form)) && field.value.trim() && document.activeElement === field) rows(list)[0]?.focus();
  });

  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || event.isComposing) return;
    const first = rows(list)[0];
    if (!first) return;
    event.preventDefault();
    first.focus();
  });

  list.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent) || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const all = rows(list);
    const at = all.findIndex((row) => row === document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    const to = event.key === "ArrowDown" ? all[at + 1] : (all[at - 1] ?? field);
    to?.focus();
  });
}
