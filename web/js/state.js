// @ts-check
// Whether an answer is being written: Stop stands in the place of Send, and screen readers are told in one line, not
// word by word.
import { list, running } from "./turns.js";

const composer = document.getElementById("ask");
const send = document.getElementById("send");
const stop = document.getElementById("stop");
const says = document.getElementById("answer-says");

/** @returns {boolean} */
export function isRunning() {
  return composer?.hasAttribute("data-running") ?? false;
}

/** Looks at the rows and shows what is the case. */
export function sync() {
  const row = running();
  const before = isRunning();
  show(row !== null);
  if (row && !before) tell("The answer is being written.");
  if (!row && before) tell(list?.lastElementChild?.querySelector(".problem > div")?.textContent ?? "The answer is finished.");
}

/**
 * @param {boolean} on
 */
function show(on) {
  const focused = document.activeElement === send || document.activeElement === stop;
  composer?.toggleAttribute("data-running", on);
  list?.toggleAttribute("data-busy", on);
  send?.toggleAttribute("hidden", on && stop !== null);
  stop?.toggleAttribute("hidden", !on);
  if (stop) stop.ariaBusy = null;
  if (focused) (on ? stop : send)?.focus();
}

/**
 * @param {string} words
 */
function tell(words) {
  if (says) says.textContent = words;
}
