// One alert's page: its map, and a word when something happened to it meanwhile.

import { setServerTime } from "./ages.js";
import { LiveLine } from "./live.js";
import { attachStrip } from "./strip.js";

const alertId = Number(document.body.dataset.alert);
const line = new LiveLine(document.body.dataset.seq);
line.addEventListener("alert", ({ detail }) => {
  if (detail.alert_id === alertId) document.getElementById("changed").hidden = false;
});
line.addEventListener("state", ({ detail: state }) => {
  if (state.now) setServerTime(state.now);
});
// A browser keeps few connections; only the alert list holds one while nobody looks.
document.addEventListener("visibilitychange", () => (document.hidden ? line.close() : line.open()));
attachStrip(line);

const place = document.getElementById("map");
if (place) {
  const { drawMap } = await import("./map.js");
  const data = JSON.parse(document.getElementById("map-data").textContent);
  drawMap(place, data, (id) => {
    const { cells } = document.getElementById(`point-${id}`);
    return `${cells[0].textContent}, accuracy ${cells[3].textContent}`;
  });
}
