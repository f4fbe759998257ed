// @ts-check
// What happens in the conversation while the page is open, as server-sent events. A hidden window hangs up, since
// browsers allow few lines to one host, and says what it has when it is shown again; so nothing is missed or doubled.
import { add, counts, draw } from "./answer.js";
import { follow } from "./follow.js";
import { parse } from "./fragment.js";
import { sync } from "./state.js";
import { address, atEnd, exchange, list, put, reconcile, rowOf, rowsIn, running } from "./turns.js";

const FIRST_MS = 500;
const SLOWEST_MS = 20_000;
/** So many failures in a row are worth a word. */
const LOST = 3;

/** @type {EventSource | null} */
let source = null;
let timer = 0;
let failures = 0;
let renewed = -Infinity;
let holds = 0;
/** @type {MessageEvent[]} */
let held = [];

function open() {
  clearTimeout(timer);
  if (source || !list || !address || document.hidden) return;
  const query = new URLSearchParams();
  const have = running()?.dataset.have;
  if (have) query.set("have", have);
  if (list.dataset.last) query.set("last", list.dataset.last);
  source = new EventSource(`${address}/events?${query}`);
  source.addEventListener("open", () => {
    failures = 0;
    lost(false);
  });
  source.addEventListener("error", () => again());
  for (const name of ["said", "more", "end", "title", "gone", "stale"]) source.addEventListener(name, take);
}

function close() {
  clearTimeout(timer);
  draw();
  source?.close();
  source = null;
}

/**
 * Not the browser's own second try: that would say what the page had when the line was opened. A line that was refused
 * rather than cut may be that of a conversation that is gone.
 */
function again() {
  const refused = source?.readyState === EventSource.CLOSED;
  close();
  failures += 1;
  if (failures >= LOST) lost(true);
  const wait = Math.min(SLOWEST_MS, FIRST_MS * 2 ** (failures - 1));
  timer = setTimeout(refused ? renew : open, wait * (0.5 + Math.random()));
}

/**
 * @param {boolean} yes
 */
function lost(yes) {
  const words = document.getElementById("lost");
  if (words) words.hidden = !yes;
}

/** While a request of this page is under way, what others tell about it waits. Call what it answers when it is done. */
export function hold() {
  holds += 1;
  return () => {
    holds -= 1;
    if (holds > 0) return;
    const waited = held;
    held = [];
    for (const event of waited) take(event);
    draw();
  };
}

/** The page has just come anew: that it was out of date is no news. */
export function forget() {
  held = held.filter((event) => event.type !== "stale");
}

/**
 * @param {MessageEvent} event
 */
function take(event) {
  if (holds > 0) {
    held.push(event);
    return;
  }
  const data = JSON.parse(event.data);
  if (event.type === "more") {
    if (!add(data, event.lastEventId)) again();
    return;
  }
  draw();
  if (event.type === "said") said(data);
  if (event.type === "end") end(data);
  if (event.type === "title") title(data.title);
  if (event.type === "gone") gone();
  if (event.type === "stale") stale();
}

/**
 * @param {{ before: string | null, html: string }} turns
 */
function said({ before, html }) {
  const fragment = parse(html);
  const rows = rowsIn(fragment);
  const [first, last] = [rows[0], rows[rows.length - 1]];
  if (!list || !first || !last) return renew();
  const known = document.getElementById(last.id);
  const question = document.getElementById(first.id);
  const above = before === null ? null : rowOf(before);
  if (known) catchUp(known, last);
  else if (question) put(question, fragment);
  else if (list.dataset.last === (before ?? "")) put(null, fragment);
  else if (above) {
    while (above.nextSibling) above.nextSibling.remove();
    put(null, fragment);
  } else return renew();
  sync();
  follow();
}

/**
 * The row is there from an answer to a request of ours; the line goes on from where the fresh one stands.
 * @param {HTMLElement} row
 * @param {HTMLElement} fresh
 */
function catchUp(row, fresh) {
  if (!("running" in row.dataset)) return;
  const [have, told] = [counts(row.dataset.have), counts(fresh.dataset.have)];
  const ended = !("running" in fresh.dataset);
  if (!ended && !told.some((count, at) => count > (have[at] ?? 0))) return;
  const fragment = document.createDocumentFragment();
  fragment.append(fresh);
  exchange(row, fragment);
}

/**
 * @param {{ message: string, html: string }} ended
 */
function end({ message, html }) {
  const row = rowOf(message);
  if (!row) return;
  const fragment = parse(html);
  if (rowsIn(fragment).length === 0) return renew();
  exchange(row, fragment);
  sync();
  follow();
}

/**
 * @param {string} words
 */
function title(words) {
  const heading = document.querySelector(".bar h1");
  if (heading) {
    heading.textContent = words;
    heading.setAttribute("title", words);
  }
  document.title = `${words} · Takeback`;
  const row = document.querySelector(`#chat-${CSS.escape(list?.dataset.conversation ?? "")} > a .title`);
  if (row) row.textContent = words;
}

/** Deleted, in another window. */
function gone() {
  close();
  list?.replaceChildren();
  const words = document.getElementById("deleted");
  if (words) words.hidden = false;
  document.getElementById("composer")?.remove();
}

/** The branch ends elsewhere. Twice at once is no news but a disagreement, which is given time. */
function stale() {
  const now = performance.now();
  const quick = now - renewed < FIRST_MS;
  renewed = now;
  if (quick) again();
  else renew();
}

/** Takes the whole list anew and goes on from there. */
export async function renew() {
  close();
  const release = hold();
  held = [];
  try {
    if (await load()) open();
  } catch {
    again();
  } finally {
    release();
  }
}

/**
 * Takes the list anew.
 * @returns {Promise<boolean>} whether there is one
 */
async function load() {
  if (!address) return false;
  const response = await fetch(address);
  if (response.status === 404) gone();
  else if (response.redirected) location.reload(); // signed out; what was written is kept
  else if (!response.ok) throw new Error("The page did not come.");
  else {
    show(new DOMParser().parseFromString(await response.text(), "text/html"));
    return true;
  }
  return false;
}

/**
 * @param {Document} page the conversation's page
 */
export function show(page) {
  const fresh = page.getElementById("turns");
  if (!fresh) throw new Error("That is another page.");
  reconcile(fresh);
  const [now, heading] = [".bar .heading", ".bar .heading"].map((s, at) => (at ? page : document).querySelector(s));
  if (now && heading) now.replaceChildren(...document.importNode(heading, true).childNodes);
  document.title = page.title;
  sync();
  follow();
}

if (address && atEnd) {
  // Where nobody reads, nothing is written: a guest's answer ends when the window is closed. One that is hidden while it is
  // being written stays open.
  const stays = () => list !== null && "stays" in list.dataset && running() !== null;
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) open();
    else if (!stays()) close();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
  addEventListener("online", open);
  open();
}
