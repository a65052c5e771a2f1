// Tells the forecast anew after each change of the form. Without it a button does.
const form = document.querySelector("form[data-forecast]");
let asked = 0;

form?.addEventListener("change", async () => {
  const mine = ++asked;
  const typed = new URLSearchParams(new FormData(form));
  typed.set("do", "forecast");
  try {
    const answer = await fetch(form.action, { method: "POST", body: typed });
    if (mine !== asked) return;
    if (answer.status >= 500) throw answer;
    // Refused: the button says why.
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const card = page.querySelector("#forecast");
    if (card) document.querySelector("#forecast").replaceWith(card);
    sayBack();
  } catch {
    if (mine === asked) sayLost();
  }
});
