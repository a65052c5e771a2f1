// Shows a password while its box is checked; it is hidden again before it is sent.
for (const offer of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(offer.dataset.shows);
  const box = offer.querySelector("input");
  const show = (shown) => { field.type = shown ? "text" : "password"; };
  offer.hidden = false;
  box.addEventListener("change", () => show(box.checked));
  field.form.addEventListener("submit", () => show(false));
}
