// @ts-check
// Relative times stay true while the page is open, and the tooltip tells the exact time on the reader's own clock.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" });

setInterval(() => {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const age = Date.now() - Date.parse(element.getAttribute("datetime") ?? "");
    if (!(age > MINUTE && age < 24 * HOUR)) continue;
    element.textContent = age < HOUR ? words.format(-Math.floor(age / MINUTE), "minute") : words.format(-Math.floor(age / HOUR), "hour");
  }
}, MINUTE);

document.addEventListener("pointerover", (event) => {
  const element = event.target instanceof Element ? event.target.closest("time[data-relative]") : null;
  const moment = Date.parse(element?.getAttribute("datetime") ?? "");
  if (element instanceof HTMLElement && !Number.isNaN(moment)) element.title = exact.format(moment);
});
