// @ts-check
// Search while typing: `<form data-live-search="/address" data-target="#list">`.
import { arrived, ask } from "./fragment.js";
import { sayError } from "./say.js";

const PAUSE_MS = 180;
let timer = 0;
let asked = new AbortController();

/**
 * @param {HTMLFormElement} form
 */
async function search(form) {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const list = document.querySelector(form.dataset.target ?? "");
  const query = new FormData(form).get("q");
  if (!list) return;
  try {
    const { landed, fragment } = await ask(`${form.dataset.liveSearch}?q=${encodeURIComponent(String(query))}`, { signal });
    if (landed) return location.assign(landed);
    list.replaceChildren(fragment);
    for (const link of list.querySelectorAll("a")) {
      if (link.parentElement?.matches(".chat") && link.pathname === location.pathname) link.setAttribute("aria-current", "page");
    }
    arrived(list);
  } catch (error) {
    if (!signal.aborted) sayError(error);
  }
}

for (const form of document.querySelectorAll("form[data-live-search]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MS, form);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search(form);
  });
}
