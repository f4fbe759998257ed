// @ts-check
// The view follows new text only if it was at the end; else a button leads there. A conversation opens at its end,
// unless the address names a place or the browser knows where the reader was.

const thread = /** @type {HTMLElement | null} */ (document.querySelector("[data-thread]"));
const button = document.getElementById("latest");
const root = document.documentElement;
/** At the end is also who is this near. */
const NEAR_PX = 24;
/** From here on the button is worth its place. */
const FAR_PX = 240;

let following = true;

function distance() {
  return root.scrollHeight - root.clientHeight - scrollY;
}

function look() {
  const left = thread?.hidden ? 0 : distance();
  following = left <= NEAR_PX;
  button?.toggleAttribute("hidden", left < FAR_PX);
}

/** Text was added: the view goes along if it was at the end. */
export function follow() {
  if (thread?.hidden) return; // the page of a new chat
  if (following) scrollTo({ top: root.scrollHeight, behavior: "instant" });
  else if (button) look();
}

/** Goes to the end, and from now on along with it. */
export function toEnd() {
  following = true;
  scrollTo({ top: root.scrollHeight, behavior: "instant" });
}

if (thread) {
  addEventListener("scroll", look, { passive: true });
  // The window became lower (a keyboard appears on a phone), or the composer higher.
  const resized = new ResizeObserver(follow);
  addEventListener("resize", follow);
  const composer = document.getElementById("ask");
  if (composer) resized.observe(composer);
  button?.addEventListener("click", toEnd);
  // Who unfolds something wants to read it where it is.
  thread.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("summary")) following = false;
  });

  if (fresh() && !thread.hidden && !location.hash && !new URLSearchParams(location.search).has("before")) toEnd();
  else look();
  if (location.hash) arrive(3);
}

/**
 * Rows above the place are laid out only when they come near, and push it away: it is gone to again.
 * @param {number} times
 */
function arrive(times) {
  const place = document.querySelector(":target");
  if (!place || times === 0) return;
  requestAnimationFrame(() => {
    if (fresh()) place.scrollIntoView({ behavior: "instant" });
    arrive(times - 1);
  });
}

/** @returns {boolean} whether the page was opened, not gone back to */
function fresh() {
  const [how] = performance.getEntriesByType("navigation");
  return how instanceof PerformanceNavigationTiming && how.type === "navigate";
}
