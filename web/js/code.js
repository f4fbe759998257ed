// @ts-check
// A copy button in the head of every code block. It copies what the block holds when it is pressed.
import { copy } from "./clipboard.js";
import { showCopied } from "./copy-buttons.js";

/** @param {ParentNode} root */
export function addButtons(root) {
  for (const head of root.querySelectorAll(".code > header:not(:has(button))")) addTo(head);
  if (root instanceof Element && root.matches(".code")) {
    const head = root.querySelector(":scope > header:not(:has(button))");
    if (head) addTo(head);
  }
}

/** @param {Element} head */
function addTo(head) {
  const button = document.createElement("button");
  const label = document.createElement("span");
  button.type = "button";
  button.className = "btn quiet";
  button.dataset.kept = "";
  label.textContent = "Copy";
  button.append(label);
  button.addEventListener("click", async () => {
    showCopied(button, await copy(head.parentElement?.querySelector("pre")?.textContent ?? ""));
  });
  head.append(button);
}

addButtons(document);
document.addEventListener("arrived", (event) => {
  if (event.target instanceof Element) addButtons(event.target);
});
