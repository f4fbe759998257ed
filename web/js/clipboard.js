// @ts-check
// Copying text, also on plain-http pages, where browsers have no navigator.clipboard.

/**
 * @param {string | Promise<string>} text a promise must be handed over while the click is being handled
 * @returns {Promise<boolean>} whether it is on the clipboard now
 */
export async function copy(text) {
  if (navigator.clipboard && typeof ClipboardItem !== "undefined") {
    const blob = Promise.resolve(text).then((words) => new Blob([words], { type: "text/plain" }));
    try {
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
      return true;
    } catch {
      await blob; // no text at all is the caller's failure, not the clipboard's
    }
  }
  return bySelection(await text);
}

/**
 * @param {string} words
 */
function bySelection(words) {
  const dialogs = document.querySelectorAll("dialog:modal");
  const home = dialogs[dialogs.length - 1] ?? document.body;
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = words;
  area.readOnly = true;
  area.className = "vh";
  home.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  return done;
}
