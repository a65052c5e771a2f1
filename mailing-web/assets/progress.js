// Shows how far the work on the page is, once a second; when it is done, the page of its result.
const tick = setInterval(async () => {
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const card = page.querySelector("#progress");
    if (card) return document.querySelector("#progress").replaceWith(card);
    clearInterval(tick);
    location.reload();
  } catch {
    // The next one may get through.
  }
}, 1000);
