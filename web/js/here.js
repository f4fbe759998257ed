// @ts-check
// Where the list of the settings' pages is a row to be scrolled, the page that is open is in sight.
const here = document.querySelector(".settings > nav [aria-current]");
const row = here?.parentElement;
if (here instanceof HTMLElement && row) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
