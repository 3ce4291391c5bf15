// The strip under the top bar: shows how the live line stands, and that a sign-in is about to end.

const WARN_S = 120;
const NAMES = {
  connecting: ["CONNECTING", ""],
  live: ["LIVE", "What is new appears by itself."],
  delayed: ["DELAYED", ""],
  disconnected: ["DISCONNECTED", "This page is not kept current. Trying again…"],
  "signed-out": ["SIGNED OUT", ""],
};

export function attachStrip(line) {
  const strip = document.getElementById("strip");
  const stay = document.getElementById("stay");
  line.addEventListener("state", ({ detail: state }) => show(strip, stay, state));
  stay.addEventListener("click", async () => {
    await fetch("/help");
    stay.hidden = true;
  });
  setInterval(() => line.check(), 1_000);
  line.open();
}

function show(strip, stay, state) {
  const [name, words] = NAMES[state.name];
  const isEnding = state.signed_in_for_s <= WARN_S;
  const detail = isEnding ? "Your sign-in ends soon." : state.name === "delayed" ? whatIsSlow(state) : words;
  if (strip.dataset.state !== state.name || strip.dataset.isEnding !== String(isEnding)) {
    document.getElementById("strip-announce").textContent = `${name}. ${detail}`;
  }
  strip.dataset.state = state.name;
  strip.dataset.isEnding = isEnding;
  document.getElementById("strip-state").textContent =
    state.lagS > 0 && state.name === "delayed" ? `${name} ${Math.round(state.lagS)} s` : name;
  const place = document.getElementById("strip-detail");
  if (state.name === "signed-out") place.replaceChildren("Nothing new appears. ", signInLink());
  else place.textContent = detail;
  stay.hidden = !isEnding;
  document.body.classList.toggle("is-signed-out", state.name === "signed-out");
}

function whatIsSlow(state) {
  if (state.silent.length > 0) return `Not heard: ${state.silent.join(", ")}. New findings may come late.`;
  return "The server is slow to answer.";
}

function signInLink() {
  const link = document.createElement("a");
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
  link.textContent = "Sign in again";
  return link;
}
