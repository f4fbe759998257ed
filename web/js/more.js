// @ts-check
// `<a data-more>` puts the next part of a list in its own place; "before" is for parts that come above.
import { arrived, ask } from "./fragment.js";
import { sayError } from "./say.js";

document.addEventListener("click", async (event) => {
  if (!(event.target instanceof Element)) return;
  const link = /** @type {HTMLAnchorElement | null} */ (event.target.closest("a[data-more]"));
  if (!link) return;
  event.preventDefault();
  if (link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  try {
    const { landed, fragment } = await ask(link.href);
    if (landed) return location.assign(landed);
    const place = link.closest("tr.more, li.earlier") ?? link;
    const list = place.parentElement;
    const first = /** @type {HTMLElement | null} */ (fragment.querySelector("a"));
    const root = document.documentElement;
    const fromEnd = root.scrollHeight - scrollY;
    place.replaceWith(fragment);
    if (link.dataset.more === "before") scrollTo({ top: root.scrollHeight - fromEnd, behavior: "instant" });
    if (!list) return;
    joinGroups(list);
    first?.focus({ preventScroll: true });
    arrived(list);
  } catch (error) {
    link.ariaBusy = null;
    sayError(error);
  }
});

/**
 * Two parts can meet in the middle of a month: one heading is enough.
 * @param {Element} list
 */
function joinGroups(list) {
  for (const group of list.querySelectorAll("[data-group] + [data-group]")) {
    const before = group.previousElementSibling;
    if (before?.getAttribute("data-group") !== group.getAttribute("data-group")) continue;
    before?.querySelector("ul")?.append(...group.querySelectorAll("li"));
    group.remove();
  }
}
