// @ts-check
// `data-poll="1000"`: while an element has it, it is taken anew from this page's address every so many milliseconds.
import { adopt, ask } from "./fragment.js";
import { say } from "./say.js";

const SLOWEST_MS = 10_000;

/**
 * @param {string} id
 * @param {number} wait milliseconds
 */
async function poll(id, wait) {
  await new Promise((resolve) => setTimeout(resolve, wait));
  const old = document.getElementById(id);
  if (!old) return;
  try {
    const { landed, fragment } = await ask(location.href);
    if (landed) return location.assign(landed);
    const fresh = fragment.querySelector(`#${id}`);
    if (!(fresh instanceof HTMLElement)) return;
    adopt(old, fresh);
    if (fresh.dataset.poll) return poll(id, Number(fresh.dataset.poll));
    const name = fresh.querySelector("h1")?.textContent;
    if (name) {
      document.title = `${name} · Takeback`;
      say(name);
    }
  } catch {
    poll(id, Math.min(wait * 2, SLOWEST_MS));
  }
}

for (const element of document.querySelectorAll("[data-poll]")) {
  if (element instanceof HTMLElement) poll(element.id, Number(element.dataset.poll));
}
