// Keeps "how long ago" and "how long still" current, by the server's clock where it is known.

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;
let aheadMs = 0;

export function setServerTime(iso) {
  aheadMs = Date.parse(iso) - Date.now();
}

export function ageWords(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE_S) return `${whole} s`;
  if (whole < HOUR_S) return `${Math.floor(whole / MINUTE_S)} min`;
  if (whole < DAY_S) {
    const minutes = String(Math.floor((whole % HOUR_S) / MINUTE_S)).padStart(2, "0");
    return `${Math.floor(whole / HOUR_S)} h ${minutes} min`;
  }
  return `${Math.floor(whole / DAY_S)} d ${Math.floor((whole % DAY_S) / HOUR_S)} h`;
}

function tick() {
  for (const element of document.querySelectorAll("time[data-age]")) {
    const words = ageWords((Date.now() + aheadMs - Date.parse(element.dateTime)) / 1_000);
    if (element.textContent !== words) element.textContent = words;
  }
  for (const element of document.querySelectorAll("time[data-left]")) {
    const words = ageWords((Date.parse(element.dateTime) - Date.now() - aheadMs) / 1_000);
    if (element.textContent !== words) element.textContent = words;
  }
}

setInterval(tick, 1_000);
