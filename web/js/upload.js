// @ts-check
// Dropping a file on the import form, and its progress while it is sent. fetch can't tell the latter; XMLHttpRequest can.
import { adopt } from "./fragment.js";
import { say } from "./say.js";

document.addEventListener("dragover", (event) => mark(event, true));
document.addEventListener("dragleave", (event) => mark(event, false));
document.addEventListener("drop", (event) => {
  const zone = mark(event, false);
  const input = zone?.querySelector("input");
  if (!input || !event.dataTransfer?.files.length) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

/**
 * @param {DragEvent} event
 * @param {boolean} over
 */
function mark(event, over) {
  const zone = event.target instanceof Element ? event.target.closest(".dropzone") : null;
  if (!zone) return null;
  event.preventDefault();
  zone.toggleAttribute("data-over", over);
  return zone;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !("upload" in form.dataset)) return;
  event.preventDefault();
  send(form);
});

/**
 * @param {HTMLFormElement} form
 */
function send(form) {
  const box = /** @type {HTMLElement} */ (form.querySelector("[data-upload-progress]"));
  const bar = /** @type {HTMLProgressElement} */ (form.querySelector("progress"));
  const words = /** @type {HTMLElement} */ (form.querySelector("[data-upload-says]"));
  const stop = /** @type {HTMLButtonElement} */ (form.querySelector("[data-upload-stop]"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button:not([type])"));
  const request = new XMLHttpRequest();
  const body = new FormData(form);
  const done = (/** @type {string} */ line) => {
    box.hidden = true;
    button.disabled = false;
    if (line) say(line);
  };

  request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
    if (!lengthComputable) return bar.removeAttribute("value");
    const percent = Math.floor((loaded / total) * 100);
    bar.value = percent;
    words.textContent = percent < 100 ? `Sent ${percent} %` : "Sent. Reading it";
  });
  request.addEventListener("load", () => {
    if (request.status < 400) return location.assign(request.responseURL);
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const here = document.getElementById("main");
    const fresh = answer.getElementById("main");
    if (here && fresh && answer.querySelector("[data-upload]")) adopt(here, fresh);
    else done(reason(answer));
  });
  request.addEventListener("error", () => done("The connection broke off. Choose the file again and retry."));
  request.addEventListener("abort", () => done("Stopped. Nothing was imported."));
  stop.onclick = () => request.abort();

  box.hidden = false;
  button.disabled = true;
  bar.value = 0;
  request.open("POST", form.getAttribute("action") ?? "");
  request.send(body);
}

/**
 * @param {Document} answer the page for an error: what is the matter, then what to do
 * @returns {string}
 */
function reason(answer) {
  const [title, what] = ["h1", "h1 + p"].map((selector) => answer.querySelector(selector)?.textContent);
  return title && what ? `${title}. ${what}` : "The file was not taken. Try again.";
}
