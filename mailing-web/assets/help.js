// "?" outside of fields opens the help, beside a form that holds something. A button there turns it off.
document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const typed = [...document.querySelectorAll("main input, textarea")].some((field) =>
    field.value !== field.defaultValue || field.checked !== field.defaultChecked);
  const chosen = [...document.querySelectorAll("main select")].some((list) =>
    list.selectedIndex !== Math.max(0, [...list.options].findIndex((one) => one.defaultSelected)));
  if (typed || chosen) window.open("/help");
  else location.assign("/help");
});
