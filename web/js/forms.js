// @ts-check
// Forms in dialogs, and forms with `data-target`, are sent without leaving the page.
//
// data-target="#x"     the answer's fragment takes the place of #x
// data-refresh="#x, …" after success these are taken anew from the server
// data-removes="#x"    after success #x goes
// data-unless-on="/p"  … but on the page /p, go where the server says
// data-says="…"        after success this line is shown
// data-copy-link       the address in the answer is copied within the same click
// Without any of them a form in a dialog goes where the server's redirect says, or shows the answer in the dialog.
// A form that comes back with something to correct is shown like any answer; nothing else happens then.
// `<select data-submits>` sends its form when it changes.
import { copy } from "./clipboard.js";
import { showCopied } from "./copy-buttons.js";
import { fill } from "./dialog.js";
import { adopt, ask, Refused, refresh, wordsOf } from "./fragment.js";
import { say, sayError } from "./say.js";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.getAttribute("method") !== "post") return;
  const dialog = form.closest("dialog");
  if (!dialog && !form.dataset.target) return once(event, form);
  event.preventDefault();

  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (button?.ariaBusy === "true") return;
  if (button) button.ariaBusy = "true";
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, button)) body.append(name, String(value));
  try {
    const asked = ask(form.getAttribute("action") ?? "", { method: "POST", body });
    // The clipboard is asked for now, while the click still counts; the text follows when the server has answered.
    const copied = "copyLink" in form.dataset ? copy(asked.then(addressIn)) : null;
    await took(form, dialog, await asked);
    if (copied) await showMade(copied);
  } catch (error) {
    sayError(error);
  }
  if (button) button.ariaBusy = null;
});

/** When a form was sent that leads to another page, in milliseconds. */
const sent = new WeakMap();

/**
 * The second half of a double click does nothing: what the first half asked for is on its way.
 *
 * @param {Event} event
 * @param {HTMLFormElement} form
 */
function once(event, form) {
  if (event.timeStamp - (sent.get(form) ?? -Infinity) < 1000) event.preventDefault();
  else sent.set(form, event.timeStamp);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLDialogElement | null} dialog
 * @param {import("./fragment.js").Answer} answer
 */
async function took(form, dialog, { landed, ok, fragment }) {
  const { target, refresh: stale, removes, unlessOn, says } = form.dataset;
  if (landed) {
    if ((!stale && !removes) || (unlessOn && location.pathname === unlessOn)) return location.assign(landed);
    dialog?.close();
  } else if (target) {
    const old = document.querySelector(target);
    const fresh = fragment.querySelector(target);
    if (old && fresh) adopt(old, fresh);
    else if (!ok) throw new Refused(wordsOf(fragment));
  } else if (dialog) {
    fill(dialog, fragment);
  }
  if (!ok) return toCorrect(dialog ?? document);
  if (removes && takeAway(removes)) return location.reload();
  if (says) say(says);
  if (stale) await refresh(stale);
}

/**
 * The first field to correct is where the person goes on; its description is what the server says about it.
 * @param {ParentNode} root
 */
function toCorrect(root) {
  const field = /** @type {HTMLElement | null} */ (root.querySelector("[aria-invalid='true']"));
  field?.focus();
  if (field instanceof HTMLInputElement) field.select();
}

/**
 * @param {string} selector
 * @returns {boolean} whether its list is empty now: the server has words for that
 */
function takeAway(selector) {
  const gone = document.querySelector(selector);
  const list = gone?.parentElement;
  gone?.remove();
  return list?.querySelector(":scope > :not(.more)") === null;
}

/**
 * @param {import("./fragment.js").Answer} answer
 * @returns {string}
 */
function addressIn({ fragment }) {
  const made = /** @type {HTMLElement | null} */ (fragment.querySelector("[data-made]"));
  if (!made?.dataset.copy) throw new Error("No link was made.");
  return made.dataset.copy;
}

/**
 * @param {Promise<boolean>} copied
 */
async function showMade(copied) {
  const button = /** @type {HTMLElement | null} */ (document.querySelector("[data-made]"));
  if (button) showCopied(button, await copied.catch(() => false));
}

document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement && "submits" in event.target.dataset) event.target.form?.requestSubmit();
});
