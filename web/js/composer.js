// @ts-check
// Enter sends, Shift+Enter breaks the line. Not while an input method is composing, and not on touch keyboards,
// which have no Shift+Enter.

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLTextAreaElement) || !field.closest(".composer")) return;
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
  event.preventDefault();
  if (field.value.trim()) field.form?.requestSubmit();
});
