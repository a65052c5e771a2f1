// Keeps what is typed while it is typed, and shows it in the preview. Without it the buttons do both.
const form = document.querySelector("form[data-autosave]");
const said = document.querySelector("#autosaved");
let timer;
let sent;

async function keep() {
  const typed = new URLSearchParams(new FormData(form));
  if (typed.toString() === sent) return;
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: typed });
    if (answer.status >= 500) throw answer;
    sent = typed.toString();
    // Refused: trying the same again is of no use; the button says why.
    if (!answer.ok) return sayLost(form.dataset.refused);
    if (said) said.textContent = await answer.text();
    const frame = document.querySelector("#preview");
    if (frame) frame.src = frame.getAttribute("src");
    sayBack();
  } catch {
    sayLost();
    later(5000);
  }
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(keep, wait);
}

form?.addEventListener("input", () => later(1500));
