// One check-in: fills in this device's position where the officer asks for it.

import "./ages.js";

const WAIT_MS = 20_000;
const DIGITS = 6;
const REFUSALS = {
  1: "This browser may not tell its position: allow it for this page, or type it in.",
  2: "This device does not know its position: type it in.",
  3: "No position came in time: try again, or type it in.",
};

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
const button = document.getElementById("locate");
button?.addEventListener("click", () => {
  say("Asking this device…");
  navigator.geolocation.getCurrentPosition(fill, ({ code }) => say(REFUSALS[code]), {
    enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 0,
  });
});

function fill({ coords }) {
  document.getElementById("lon").value = coords.longitude.toFixed(DIGITS);
  document.getElementById("lat").value = coords.latitude.toFixed(DIGITS);
  document.getElementById("accuracy").value = Math.ceil(coords.accuracy);
  say(`Filled in, known to ${Math.ceil(coords.accuracy)} m.`);
}

function say(words) {
  document.getElementById("located").textContent = words;
}
