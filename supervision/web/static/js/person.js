// Asks the phone where it is, at the latest when the form is sent; and sends the form once.
// Without this script the form goes as it is, and says that it did.

const ASKED = { enableHighAccuracy: true, timeout: 25_000, maximumAge: 0 };
const OLDEST_MS = 60_000;
const REASONS = { 1: "denied", 2: "unavailable", 3: "timeout" };

const form = document.getElementById("checkin");
const share = document.getElementById("share");
const fields = form.elements;
let found = null;
let hasFailed = false;
let isSent = false;

show("ready");
share.hidden = false;
share.addEventListener("click", () => { locate(); });
form.addEventListener("submit", (event) => {
  const isCurrent = found && performance.now() - found.at < OLDEST_MS;
  if (!isSent && (isCurrent || hasFailed)) return send();
  event.preventDefault();
  if (!isSent) locate().then((isFound) => isFound && form.requestSubmit());
});
// Who comes back to the page must see what became of what was sent.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

function locate() {
  share.disabled = true;
  show("looking");
  return new Promise((resolve) => {
    const done = (isFound) => { share.disabled = false; resolve(isFound); };
    const fail = (error) => { keepReason(REASONS[error.code] ?? "unavailable"); done(false); };
    if (!navigator.geolocation) return fail({});
    navigator.geolocation.getCurrentPosition((position) => { keep(position.coords); done(true); }, fail, ASKED);
  });
}

function keep({ longitude, latitude, accuracy }) {
  found = { at: performance.now() };
  hasFailed = false;
  fields.lon.value = longitude;
  fields.lat.value = latitude;
  fields.accuracy_m.value = accuracy;
  document.getElementById("accuracy").textContent = Math.round(accuracy);
  show("found");
}

function keepReason(reason) {
  found = null;
  hasFailed = true;
  for (const name of ["lon", "lat", "accuracy_m", "position_age_s"]) fields[name].value = "";
  fields.no_position_reason.value = reason;
  show(reason);
}

function send() {
  isSent = true;
  if (found) fields.position_age_s.value = (performance.now() - found.at) / 1000;
  document.getElementById("send").setAttribute("aria-disabled", "true");
  document.getElementById("sending").hidden = false;
}

function show(state) {
  for (const one of form.querySelectorAll("[data-when]")) one.hidden = one.dataset.when !== state;
}
