// Shows how a run goes while it goes. Without it there is a link that reads the page anew.
const root = document.querySelector("[data-live]");
const lost = document.querySelector("#lost");
const spoken = document.querySelector("#spoken");

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of fresh.querySelectorAll("[id^=live-]")) {
    const old = document.getElementById(part.id);
    const used = old?.contains(document.activeElement) || old?.querySelector("[open]");
    if (old && !used && old.outerHTML !== part.outerHTML) old.replaceWith(part);
  }
  const { tenth, spoken: words } = fresh.querySelector("#live-numbers").dataset;
  if (tenth !== root.dataset.tenth) {
    root.dataset.tenth = tenth;
    spoken.textContent = words;
  }
}

function follow() {
  const source = new EventSource(root.dataset.live);
  source.onmessage = (event) => {
    lost.hidden = true;
    show(event.data);
  };
  source.addEventListener("away", () => { lost.hidden = false; });
  source.addEventListener("end", () => {
    source.close();
    setTimeout(() => location.reload(), 1000);
  });
  source.onerror = () => {
    lost.hidden = false;
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 10000);
  };
}

if (root) follow();
