// @ts-check
// Other versions: a message edited in place and sent again, another answer from this or another model, and ‹ 2/3 ›.
import { toEnd } from "./follow.js";
import { ask } from "./fragment.js";
import { sayError } from "./say.js";
import { isRunning, sync } from "./state.js";
import { forget, hold, show } from "./stream.js";
import { address, atEnd, list, put, rowOf } from "./turns.js";

const picker = /** @type {HTMLSelectElement | null} */ (document.getElementById("model"));
const menu = document.getElementById("again-menu");
/** @type {HTMLFormElement | null} */
let asked = null;

/**
 * Sends a form that makes another version; the server's rows take the place of `row` and of all below it.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} row
 * @param {string} model
 */
async function send(form, row, model) {
  const button = form.querySelector("button.main, button:not([type])");
  if (button?.ariaBusy === "true" || isRunning()) return;
  if (button) button.ariaBusy = "true";
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) body.append(name, String(value));
  body.set("model", model);
  const release = hold();
  try {
    const { landed, fragment } = await ask(form.getAttribute("action") ?? "", { method: "POST", body });
    if (landed) return location.assign(landed);
    close(row);
    put(row, fragment);
    sync();
    toEnd();
    document.getElementById("text")?.focus({ preventScroll: true });
  } catch (error) {
    sayError(error);
  } finally {
    if (button) button.ariaBusy = null;
    release();
  }
}

/**
 * Another version of a row that is there.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
async function turn(form, submitter) {
  const row = /** @type {HTMLElement | null} */ (form.closest(".turn-row"));
  const message = submitter?.getAttribute("value");
  if (!row || !message || form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const [at, name] = [row.getBoundingClientRect().bottom, submitter?.title];
  const release = hold();
  try {
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams({ message }) });
    if (!response.ok) throw new Error("That version is not here any more. Reload the page.");
    show(new DOMParser().parseFromString(await response.text(), "text/html"));
    forget();
    // The arrows stay under the pointer and keep the focus, so that one can go through the versions.
    const fresh = rowOf(message);
    if (!fresh) return;
    scrollBy({ top: fresh.getBoundingClientRect().bottom - at, behavior: "instant" });
    const same = /** @type {HTMLButtonElement | null} */ (fresh.querySelector(`.branches button[title="${name}"]`));
    const other = /** @type {HTMLButtonElement | null} */ (fresh.querySelector(".branches button:not(:disabled)"));
    (same?.disabled ? other : same)?.focus({ preventScroll: true });
  } catch (error) {
    sayError(error);
  } finally {
    form.ariaBusy = null;
    release();
  }
}

/**
 * The form for another version of what the user said, in the place of the message.
 * @param {HTMLAnchorElement} link
 */
async function edit(link) {
  const row = /** @type {HTMLElement | null} */ (link.closest(".turn-row"));
  if (!row || row.querySelector("form.edit") || link.ariaBusy === "true") return;
  link.ariaBusy = "true";
  try {
    const { landed, fragment } = await ask(link.href);
    if (landed) return location.assign(landed);
    const form = fragment.querySelector("form.edit");
    const field = form?.querySelector("textarea");
    if (!form || !field) return;
    form.setAttribute("data-kept", "");
    field.autofocus = false;
    row.toggleAttribute("data-editing", true);
    row.append(form);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  } catch (error) {
    sayError(error);
  } finally {
    link.ariaBusy = null;
  }
}

/**
 * @param {Element} row
 */
function close(row) {
  row.querySelector("form.edit")?.remove();
  row.removeAttribute("data-editing");
}

/**
 * The models to make another answer with, taken from the composer's own list; the chosen one comes first.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} opener
 */
function offer(form, opener) {
  if (!picker || !menu) return;
  asked = form;
  const chosen = picker.selectedOptions[0];
  const items = [item(`Try again with ${chosen?.label ?? "the same model"}`, picker.value)];
  for (const group of picker.querySelectorAll("optgroup")) {
    const others = [...group.querySelectorAll("option")].filter((option) => option !== chosen);
    if (others.length === 0) continue;
    const name = document.createElement("p");
    name.className = "group";
    name.textContent = group.label;
    items.push(name, ...others.map((option) => item(option.label, option.value)));
  }
  menu.replaceChildren(...items);
  menu.showPopover({ source: opener });
  menu.querySelector("button")?.focus();
}

/**
 * @param {string} words
 * @param {string} model
 * @returns {HTMLElement}
 */
function item(words, model) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "item";
  button.textContent = words;
  button.dataset.model = model;
  return button;
}

if (list && address && atEnd) {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    const row = /** @type {HTMLElement | null} */ (form.closest(".turn-row"));
    if (!row) return;
    event.preventDefault();
    if ("branch" in form.dataset) turn(form, event.submitter);
    else if (!("again" in form.dataset)) send(form, row, picker?.value ?? "");
    else if (picker && picker.options.length > 1 && event.submitter) offer(form, event.submitter);
    else send(form, row, picker?.value ?? "");
  });

  menu?.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (event.target instanceof Element ? event.target.closest("[data-model]") : null);
    const row = /** @type {HTMLElement | null | undefined} */ (asked?.closest(".turn-row"));
    if (!button || !asked || !row) return;
    menu.hidePopover();
    send(asked, row, button.dataset.model ?? "");
  });

  list.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = /** @type {HTMLAnchorElement | null} */ (event.target.closest("a[data-edit]"));
    const closer = event.target.closest("form.edit [data-close]");
    if (link) {
      event.preventDefault();
      edit(link);
    } else if (closer) {
      event.preventDefault();
      cancel(closer);
    }
  });

  list.addEventListener("keydown", (event) => {
    const form = event.target instanceof HTMLTextAreaElement ? event.target.closest("form.edit") : null;
    if (!(form instanceof HTMLFormElement) || event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault();
      cancel(form);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}

/**
 * @param {Element} inside
 */
function cancel(inside) {
  const row = inside.closest(".turn-row");
  if (!row) return;
  close(row);
  /** @type {HTMLElement | null} */ (row.querySelector("a[data-edit]"))?.focus();
}
