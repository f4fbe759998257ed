// @ts-check
// The rows of the conversation on the page. Every row has `id="row-{message}"`; the list knows in `data-last` which
// message the branch on the page ends with.
import { parse, arrived } from "./fragment.js";
import { align, become } from "./morph.js";

export const list = /** @type {HTMLElement | null} */ (document.getElementById("turns"));

/** The address of the conversation; none on the page of a new chat. Chats with an assistant without an account have their own. */
export const address = list?.dataset.conversation ? (list.dataset.address ?? `/c/${list.dataset.conversation}`) : null;

/** Whether the page shows the end of the branch; else it is an earlier stretch, read without script, or where a search led. */
export const atEnd = !new URLSearchParams(location.search).has("before") && !document.querySelector(".elsewhere");

/**
 * @param {string} message
 * @returns {HTMLElement | null}
 */
export function rowOf(message) {
  return document.getElementById(`row-${message}`);
}

/** @returns {HTMLElement | null} the row of the answer that is being written */
export function running() {
  return list?.querySelector(":scope > [data-running]") ?? null;
}

/**
 * @param {ParentNode} root
 * @returns {HTMLElement[]}
 */
export function rowsIn(root) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".turn-row[id]"))];
}

/**
 * The server's rows come in place of what is on the page from `row` on; with `null` behind everything.
 * @param {HTMLElement | null} row
 * @param {DocumentFragment} fragment
 */
export function put(row, fragment) {
  if (!list) return;
  const [first, ...others] = rowsIn(fragment);
  if (!first) return;
  const there = document.getElementById(first.id);
  if (there && there !== row) {
    row?.remove();
    row = there;
  }
  while (row?.nextSibling) row.nextSibling.remove();
  // Nothing flickers where the old row and the new one say the same.
  if (row) become(row, first);
  else list.append(first);
  list.append(...others);
  settle();
}

/**
 * Puts one row in its new state, in place.
 * @param {HTMLElement} row
 * @param {DocumentFragment} fragment
 */
export function exchange(row, fragment) {
  const [fresh] = rowsIn(fragment);
  if (!fresh) return;
  become(row, fresh);
  arrived(row);
}

/**
 * The whole list as the server has it. Earlier messages that were loaded stay if they are of this branch.
 * @param {Element} fresh
 */
export function reconcile(fresh) {
  if (!list) return;
  const first = rowsIn(fresh)[0];
  const known = first ? document.getElementById(first.id) : null;
  const nodes = /** @type {ChildNode[]} */ ([...fresh.children]);
  let from = list.firstChild;
  if (known && known.parentElement === list && known.previousElementSibling?.matches(".turn-row")) {
    // Rows above are of the same branch: a message has one parent.
    from = known;
    if (nodes[0] instanceof Element && nodes[0].matches(".earlier")) nodes.shift();
  }
  align(list, from, nodes);
  list.dataset.last = fresh instanceof HTMLElement ? (fresh.dataset.last ?? "") : "";
  settle(true);
}

/**
 * @param {boolean} [lastIsKnown]
 */
function settle(lastIsKnown = false) {
  if (!list) return;
  const last = list.lastElementChild;
  if (!lastIsKnown && last?.id.startsWith("row-")) list.dataset.last = last.id.slice(4);
  document.querySelector("[data-thread] > .empty")?.remove();
  arrived(list);
}

/**
 * @param {string} html
 * @returns {HTMLElement[]} the rows in it
 */
export function rowsOf(html) {
  return rowsIn(parse(html));
}
