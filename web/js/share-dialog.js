// @ts-check
// The preview follows the title and the choice of name; "Save" appears when there is something to save.

let timer = 0;

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement) || field.form?.id !== "share-form") return;
  for (const button of field.form.querySelectorAll("[data-when-changed]")) button.removeAttribute("hidden");
  if (field.name !== "title" && field.name !== "author") return;
  clearTimeout(timer);
  timer = setTimeout(show, field.type === "radio" ? 0 : 350);
});

// Enter is done with the title; it publishes nothing.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || !(field instanceof HTMLInputElement) || field.name !== "title" || field.form?.id !== "share-form") return;
  event.preventDefault();
  field.blur();
});

/** By now the form may have been replaced by the server's answer: it is looked up when it is read. */
function show() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("share-form"));
  const frame = /** @type {HTMLIFrameElement | null} */ (document.querySelector("iframe[data-preview]"));
  if (!form || !frame?.dataset.preview) return;
  const data = new FormData(form);
  const query = new URLSearchParams({ title: String(data.get("title")), author: String(data.get("author")) });
  // Not `src`: that would leave a step in the browser's history for every letter.
  frame.contentWindow?.location.replace(`${frame.dataset.preview}?${query}`);
}

/** @param {ParentNode} root */
function hideSaves(root) {
  for (const button of root.querySelectorAll("[data-when-changed]")) button.toggleAttribute("hidden", true);
}

hideSaves(document);
document.addEventListener("arrived", (event) => {
  if (event.target instanceof Element) hideSaves(event.target);
});
