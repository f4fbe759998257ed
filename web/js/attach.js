// @ts-check
// Pictures and text files for the next message: chosen, dropped on the page, or pasted. Each is a chip that can be
// removed. What can't be sent is refused with words, before anything is sent.

const composer = document.getElementById("ask");
const chips = document.getElementById("chips");
const input = /** @type {HTMLInputElement | null} */ (document.querySelector("#composer input[type='file']"));
const picker = /** @type {HTMLSelectElement | null} */ (document.getElementById("model"));
const MAX_BYTES = Number(composer?.dataset.maxBytes ?? 0);
const MAX_FILES = Number(composer?.dataset.maxFiles ?? 0);
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const LOOKED_AT = 8192;
/** A longer text is a file: in a field of this size browsers take seconds for each letter. */
const LONG_PASTE = 50_000;

/**
 * @typedef {{ file: File, chip: HTMLElement, url: string | null }} Attached
 */

/** @type {Attached[]} */
let attached = [];

/** @returns {File[]} what is attached now */
export function files() {
  return attached.map(({ file }) => file);
}

/**
 * Takes everything off.
 * @returns {File[]} what was attached
 */
export function takeFiles() {
  const taken = files();
  for (const one of [...attached]) remove(one);
  return taken;
}

/**
 * Attaches files and says which of them can't be.
 * @param {Iterable<File>} chosen
 */
export async function attach(chosen) {
  const refused = [];
  for (const file of chosen) {
    const why = attached.length >= MAX_FILES ? `A message can have ${MAX_FILES} files.` : await problem(file);
    if (why) refused.push(why);
    else add(file);
  }
  warn();
  complain([...new Set(refused)].join(" "));
}

/**
 * One line in the composer, about what was not taken.
 * @param {string} words empty: nothing to say
 */
export function complain(words) {
  const says = document.getElementById("composer-says");
  if (!says) return;
  says.textContent = words;
  says.hidden = words === "";
}

/**
 * @param {File} file
 * @returns {Promise<string | null>} why it can't be sent
 */
async function problem(file) {
  const name = `“${file.name}”`;
  if (file.size > MAX_BYTES) return `${name} is larger than ${Math.floor(MAX_BYTES / (1 << 20))} MB.`;
  if (file.size === 0) return `${name} is empty.`;
  if (PICTURES.includes(file.type)) return null;
  if (file.type.startsWith("image/") && file.type !== "image/svg+xml") return `${name} is a kind of picture that can’t be shown. PNG, JPEG, GIF and WebP can.`;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.slice(0, LOOKED_AT).arrayBuffer(), { stream: true });
    return text.includes("\0") ? `${name} is neither a picture nor text.` : null;
  } catch {
    return `${name} is neither a picture nor text.`;
  }
}

/**
 * @param {File} file
 */
function add(file) {
  if (!chips) return;
  const chip = document.createElement("li");
  const url = PICTURES.includes(file.type) ? URL.createObjectURL(file) : null;
  const name = document.createElement("span");
  name.className = "name";
  name.dir = "auto";
  name.textContent = file.name;
  if (url) {
    const picture = document.createElement("img");
    picture.src = url;
    picture.alt = "";
    chip.append(picture);
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quiet square small";
  button.title = "Remove";
  button.append(cross(), hidden(`Remove ${file.name}`));
  chip.append(name, button);
  chips.append(chip);
  const one = { file, chip, url };
  button.addEventListener("click", () => {
    remove(one);
    document.getElementById("text")?.focus();
  });
  attached.push(one);
  shown();
}

/**
 * @param {Attached} one
 */
function remove(one) {
  attached = attached.filter((other) => other !== one);
  one.chip.remove();
  if (one.url) URL.revokeObjectURL(one.url);
  complain("");
  warn();
  shown();
}

function shown() {
  chips?.toggleAttribute("hidden", attached.length === 0);
  composer?.toggleAttribute("data-files", attached.length > 0);
}

/** The chosen model may not look at pictures: better said before than after. */
function warn() {
  const blind = attached.some(({ url }) => url) && picker?.selectedOptions[0]?.dataset.images === undefined;
  const words = document.getElementById("blind");
  if (words) words.hidden = !blind;
}

function cross() {
  const icon = /** @type {SVGElement} */ (document.querySelector(".attach .icon")?.cloneNode(true));
  const use = icon.querySelector("use");
  use?.setAttribute("href", use.getAttribute("href")?.replace(/#.*/, "#close") ?? "");
  return icon;
}

/**
 * @param {string} words
 */
function hidden(words) {
  const span = document.createElement("span");
  span.className = "vh";
  span.textContent = words;
  return span;
}

/**
 * @param {DataTransfer | null} data
 */
function hasFiles(data) {
  return data?.types.includes("Files") ?? false;
}

if (input && composer) {
  input.addEventListener("change", async () => {
    const chosen = [...(input.files ?? [])];
    input.value = ""; // the same file can be chosen again after it was removed
    await attach(chosen);
    document.getElementById("text")?.focus();
  });
  picker?.addEventListener("change", () => {
    warn();
    // Chosen from the list; where the arrow keys go through a closed one, the focus has to stay.
    if (CSS.supports("appearance", "base-select")) document.getElementById("text")?.focus();
  });

  document.getElementById("text")?.addEventListener("paste", (event) => {
    const pasted = event.clipboardData;
    const text = pasted?.getData("text/plain") ?? "";
    if (text.length > LONG_PASTE) {
      event.preventDefault();
      attach([new File([text], "Pasted text.txt", { type: "text/plain" })]);
    } else if (pasted?.files.length && !text) {
      // Text that is copied together with its picture, as from a table, is meant as text.
      event.preventDefault();
      attach(pasted.files);
    }
  });

  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event.dataTransfer) || document.querySelector("dialog:modal")) return;
    event.preventDefault();
    composer.toggleAttribute("data-over", true);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) composer.toggleAttribute("data-over", false);
  });
  document.addEventListener("drop", (event) => {
    composer.toggleAttribute("data-over", false);
    if (!hasFiles(event.dataTransfer) || document.querySelector("dialog:modal")) return;
    event.preventDefault();
    attach([...(event.dataTransfer?.files ?? [])]);
    document.getElementById("text")?.focus();
  });
}
