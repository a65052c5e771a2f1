// Says when what is on the page no longer follows, and when it does again. The words stand in the page.
const line = document.querySelector("#lost");

function sayLost(words = document.querySelector("[data-lost]").dataset.lost) {
  if (line.textContent === words) return;
  line.className = "alert alert-warning";
  line.textContent = words;
}

function sayBack() {
  if (!line.classList.contains("alert-warning")) return;
  line.className = "alert alert-success";
  line.textContent = line.dataset.back;
}
