// @ts-check
// A copy button in the head of every code block.

/** @param {ParentNode} root */
function addButtons(root) {
  for (const head of root.querySelectorAll(".code > header:not(:has(button))")) {
    const code = head.parentElement?.querySelector("pre");
    if (!code) continue;
    const button = document.createElement("button");
    const label = document.createElement("span");
    button.type = "button";
    button.className = "btn quiet";
    label.textContent = "Copy";
    button.append(label);
    button.dataset.copy = code.textContent ?? "";
    head.append(button);
  }
}

addButtons(document);
document.addEventListener("arrived", (event) => {
  if (event.target instanceof Element) addButtons(event.target);
});
