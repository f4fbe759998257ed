// @ts-check
// A conversation opens at its end, unless the address names a place or the browser knows where the reader was.

const thread = document.querySelector("[data-thread]");
const [how] = performance.getEntriesByType("navigation");
const fresh = how instanceof PerformanceNavigationTiming && how.type === "navigate";

if (thread && fresh && !location.hash && !new URLSearchParams(location.search).has("before")) {
  scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
}
