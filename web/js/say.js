// @ts-check
// One short line at the bottom of the page, read out by screen readers.

let timer = 0;

/**
 * @param {string} words
 */
export function say(words) {
  const toast = document.getElementById("toast");
  if (!toast) return;
  // What lies under a modal dialog is inert, so the line moves into the topmost one.
  const dialogs = document.querySelectorAll("dialog:modal");
  const home = dialogs[dialogs.length - 1] ?? document.body;
  if (toast.parentElement !== home) home.append(toast);
  clearTimeout(timer);
  toast.textContent = "";
  // A moment later, so that a live region that has just moved is heard.
  timer = setTimeout(() => {
    toast.textContent = words;
    timer = setTimeout(() => {
      toast.textContent = "";
      if (toast.parentElement !== document.body) document.body.append(toast);
    }, Math.max(4000, words.length * 80));
  }, 50);
}

/**
 * @param {unknown} error
 */
export function sayError(error) {
  say(error instanceof Error ? error.message : "That did not work. Reload the page and try again.");
}
