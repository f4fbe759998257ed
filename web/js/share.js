// @ts-check
// The shared page: copy and print. The page is complete without it.

/** @param {Promise<string>} text */
async function copy(text) {
  // Handed over as a promise: the browser counts it to the click, however long the text takes.
  const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
  if (navigator.clipboard) return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
  const area = document.createElement("textarea");
  area.value = await text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("The browser did not copy.");
}

/**
 * @param {HTMLElement} button
 * @param {() => Promise<string>} text
 */
function copies(button, text) {
  const label = button.querySelector("span") ?? button;
  const words = label.textContent;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    try {
      await copy(text());
      label.textContent = "Copied";
    } catch {
      label.textContent = "Not copied";
    }
    button.classList.add("said"); // narrow screens hide the label until it has something to say
    setTimeout(() => {
      label.textContent = words;
      button.classList.remove("said");
    }, 2500);
  });
}

document.querySelector("[data-print]")?.addEventListener("click", () => print());

const markdown = document.querySelector("a[data-markdown]");
if (markdown instanceof HTMLAnchorElement) {
  copies(markdown, async () => {
    const answer = await fetch(markdown.href);
    if (answer.status === 404) gone();
    if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
    return answer.text();
  });
}

/** The link was taken back while the page was open. */
function gone() {
  if (document.querySelector(".page > [role='alert']")) return;
  const note = document.createElement("p");
  note.className = "note";
  note.setAttribute("role", "alert");
  document.querySelector(".page")?.prepend(note);
  note.textContent = "This page is no longer available. The link may have been deleted.";
}

for (const head of document.querySelectorAll(".code > header")) {
  const button = document.createElement("button");
  button.className = "btn quiet";
  button.textContent = "Copy";
  copies(button, async () => head.nextElementSibling?.textContent ?? "");
  head.append(button);
}
