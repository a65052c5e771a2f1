// Keeps what is typed while it is typed, and shows it in the preview. Without it the buttons do both.
const form = document.querySelector("form[data-autosave]");
const said = document.querySelector("#autosaved");
let timer;
let sent;

async function keep() {
  const typed = new URLSearchParams(new FormData(form));
  if (typed.toString() === sent) return;
  sent = typed.toString();
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: typed });
    if (!answer.ok) return;
    if (said) said.textContent = await answer.text();
    const frame = document.querySelector("#preview");
    if (frame) frame.src = frame.getAttribute("src");
  } catch {
    sent = undefined;
  }
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(keep, 1500);
});
