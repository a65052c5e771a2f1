// Shows how a run goes while it goes. Without it there is a link that reads the page anew.
const root = document.querySelector("[data-live]");
const spoken = document.querySelector("#spoken");
// The service says something each ten seconds; who hears nothing for longer has lost it.
const SILENT_MAX = 25000;
let silence;

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

const ask = () => fetch(location.href, { method: "HEAD" }).catch(() => ({}));

// Reads the page anew once somebody answers: before that its numbers would be gone.
async function leave() {
  if ((await ask()).status < 500) return location.reload();
  sayLost();
  setTimeout(leave, 5000);
}

// Refused: too many pages follow, or the session is over and the page leads to the sign-in page.
async function again() {
  if ((await ask()).redirected) return location.reload();
  setTimeout(follow, 5000);
}

function follow() {
  const source = new EventSource(root.dataset.live);
  const wait = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      source.close();
      sayLost();
      follow();
    }, SILENT_MAX);
  };
  wait();
  source.onmessage = (event) => {
    wait();
    show(event.data);
    sayBack();
  };
  source.addEventListener("away", () => sayLost());
  source.addEventListener("end", () => {
    clearTimeout(silence);
    source.close();
    setTimeout(leave, 1000);
  });
  source.onerror = () => {
    sayLost();
    // Else the browser tries again by itself.
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(silence);
    again();
  };
}

if (root) follow();
