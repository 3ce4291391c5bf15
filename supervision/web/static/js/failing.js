// Which means of sending fail: asked again each half minute and when somebody comes back to the
// page, said aloud when the first begins to.

const EVERY_MS = 30_000;
const UNASKED = { headers: { "X-Background": "1" } };
const place = document.getElementById("failing");

async function ask() {
  if (document.hidden || document.getElementById("strip").dataset.state !== "live") return;
  const answer = await fetch("/failing-means", UNASKED).catch(() => null);
  if (!answer?.ok) return; // The strip says what is wrong.
  const wasWell = !place.textContent.trim();
  place.innerHTML = await answer.text();
  if (wasWell) document.getElementById("announcements").textContent = place.textContent.trim();
}

setInterval(ask, EVERY_MS);
document.addEventListener("visibilitychange", ask);
