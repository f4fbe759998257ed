// @ts-check
// An answer that is being written: finished blocks are put behind the finished ones, the tail behind them is exchanged
// in place. What arrives is drawn once per frame.
import { addButtons } from "./code.js";
import { follow } from "./follow.js";
import { parse } from "./fragment.js";
import { align } from "./morph.js";
import { rowOf } from "./turns.js";

/**
 * @typedef {{ message: string, part: "text" | "reasoning", finished: string[], tail?: string, code?: string }} More
 */

/**
 * Finished blocks that each row was told of, drawn or not; worth nothing when the row came anew since.
 * @type {WeakMap<HTMLElement, { have: string | undefined, counts: number[] }>}
 */
const told = new WeakMap();
/** @type {More[]} */
let waiting = [];
let frame = 0;

/**
 * Takes what the server sent. What the page has already is left out: a row that came with an answer to a request can be
 * ahead of the line.
 * @param {More} more
 * @param {string} id `msg_x.R.T` after it
 * @returns {boolean} false: something before it is missing
 */
export function add(more, id) {
  const row = rowOf(more.message);
  if (!row || !("running" in row.dataset)) return true;
  const at = more.part === "reasoning" ? 0 : 1;
  const known = toldOf(row);
  const after = counts(id)[at] ?? 0;
  const had = (known.counts[at] ?? 0) - (after - more.finished.length);
  if (had < 0) return false;
  if (had > more.finished.length) return true;
  known.counts[at] = after;
  waiting.push({ ...more, finished: more.finished.slice(had) });
  frame ||= requestAnimationFrame(draw);
  return true;
}

/**
 * @param {HTMLElement} row
 */
function toldOf(row) {
  const { have } = row.dataset;
  let known = told.get(row);
  if (!known || known.have !== have) known = { have, counts: counts(have) };
  told.set(row, known);
  return known;
}

/**
 * @param {string | undefined} have `msg_x.R.T`
 * @returns {number[]} R and T
 */
export function counts(have) {
  return (have ?? "").split(".").slice(1).map(Number);
}

/** Draws what is waiting now. A hidden window gets no frames. */
export function draw() {
  cancelAnimationFrame(frame);
  frame = 0;
  if (waiting.length === 0) return;
  for (const more of newest(waiting)) write(more);
  waiting = [];
  follow();
}

/**
 * Of several tails that came since the last frame only the newest is drawn.
 * @param {More[]} all
 * @returns {More[]}
 */
function newest(all) {
  const replaced = new Set();
  const drawn = [];
  for (const more of all.toReversed()) {
    const key = `${more.message} ${more.part}`;
    if (!replaced.has(key)) drawn.push(more);
    else if (more.finished.length > 0) drawn.push({ ...more, tail: "", code: undefined });
    if (more.tail !== undefined || more.finished.length > 0) replaced.add(key);
  }
  return drawn.reverse();
}

/**
 * @param {More} more
 */
function write({ message, part, finished, tail, code }) {
  const row = rowOf(message);
  const live = row?.querySelector(`[data-live="${part}"]`);
  const into = part === "reasoning" ? live?.querySelector(".within") : live;
  if (!row || !into) return;
  if (finished.length > 0 || tail || code) {
    row.querySelector(".writing")?.remove();
    if (part === "reasoning") live?.removeAttribute("hidden");
    else thought(row);
  }
  const marker = markerIn(into);
  if (finished.length > 0 || tail !== undefined) {
    const blocks = [...parse(finished.join("")).childNodes];
    const now = align(into, marker.nextSibling, [...blocks, ...parse(tail ?? "").childNodes]);
    // What has just been finished is behind the marker no more.
    if (blocks.length > 0) into.insertBefore(marker, now[blocks.length] ?? null);
    for (const node of now) if (node instanceof Element) addButtons(node);
    note(row, message);
  }
  if (code) lengthen(into, code);
}

/**
 * The answer itself begins: the model thinks no more.
 * @param {HTMLElement} row
 */
function thought(row) {
  const label = row.querySelector("[data-live='reasoning'] > summary > span");
  if (label) label.textContent = "Reasoning";
}

/**
 * @param {Element} into
 * @param {string} code
 */
function lengthen(into, code) {
  const blocks = into.lastElementChild?.querySelectorAll("code") ?? [];
  const open = blocks[blocks.length - 1];
  if (!open) return;
  const fragment = parse(code);
  const [end, begin] = [open.lastChild, fragment.firstChild];
  if (end instanceof Text && begin instanceof Text) {
    end.appendData(begin.data);
    begin.remove();
  }
  open.append(fragment);
}

/**
 * @param {Element} into
 * @returns {ChildNode} the comment that stands before the tail
 */
function markerIn(into) {
  for (let node = into.lastChild; node; node = node.previousSibling) {
    if (node instanceof Comment && node.data === "tail") return node;
  }
  const marker = document.createComment("tail");
  into.append(marker);
  return marker;
}

/**
 * The row says how many finished blocks of each part it shows: `msg_x.R.T`.
 * @param {HTMLElement} row
 * @param {string} message
 */
function note(row, message) {
  const known = toldOf(row);
  known.have = [message, ...known.counts].join(".");
  row.dataset.have = known.have;
}
