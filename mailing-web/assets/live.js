// Shows how a run goes while it goes. Without it there is a link that reads the page anew.
const root = document.querySelector("[data-live]");
const lost = document.querySelector("#lost");
const spoken = document.querySelector("#spoken");

// Whoever reads or uses a part finds it as it was.
function swap(old, part) {
  const used = [...old.querySelectorAll("a, summary")].indexOf(document.activeElement);
  const next = part.querySelectorAll("details");
  old.querySelectorAll("details").forEach((details, i) => {
    if (next[i]) next[i].open = details.open;
  });
  if (old.outerHTML === part.outerHTML) return;
  old.replaceWith(part);
  part.querySelectorAll("a, summary")[used]?.focus();
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const { tenth, spoken: words } = fresh.querySelector("#live-numbers").dataset;
  for (const part of fresh.querySelectorAll("[id^=live-]")) {
    const old = document.getElementById(part.id);
    if (old) swap(old, part);
  }
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
