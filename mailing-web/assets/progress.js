// Shows how far the work on the page is, once a second; when it is done, the page of its result.
const spoken = document.querySelector("#spoken");
let tenth = 0;

async function look() {
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(10000) });
    if (!answer.ok) throw answer;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const card = page.querySelector("#progress");
    if (!card) return location.reload();
    document.querySelector("#progress").replaceWith(card);
    sayBack();
    const share = card.querySelector("[data-share]").textContent;
    const reached = Math.floor(parseInt(share, 10) / 10);
    if (reached > tenth) spoken.textContent = share;
    tenth = reached;
  } catch {
    sayLost();
  }
  setTimeout(look, 1000);
}

setTimeout(look, 1000);
