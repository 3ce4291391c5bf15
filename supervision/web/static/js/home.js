// The alert list, live: rows come, change and go by themselves; dialogs, keys and sound around it.

import { setServerTime } from "./ages.js";
import { announcer } from "./announce.js";
import { attachDialog } from "./close.js";
import { attachKeys } from "./keys.js";
import { LiveLine } from "./live.js";
import { allRows, findRow, markNew, refreshRow, reloadRows } from "./rows.js";
import { Sound } from "./sound.js";
import { attachStrip } from "./strip.js";
import { toast } from "./toast.js";

const MANY = 20;
const RAISED = ["raised", "confirmed", "active_again"];
const announce = announcer();
const isUrgent = (row) => row.dataset.severity === "critical" && row.dataset.handling === "new";
const sound = new Sound(document.getElementById("sound"), () => allRows().some(isUrgent));
const line = new LiveLine(document.getElementById("alerts").dataset.seq);
const waiting = new Map();
let isReloadDue = false;
let isWorking = false;

line.addEventListener("alert", ({ detail: event }) => {
  const kinds = waiting.get(event.alert_id) ?? [];
  waiting.set(event.alert_id, [...kinds, event.kind]);
  work();
});
line.addEventListener("reload", () => {
  isReloadDue = true;
  work();
});
line.addEventListener("state", ({ detail: state }) => {
  if (state.now) setServerTime(state.now);
  sound.setCut(["disconnected", "signed-out"].includes(state.name));
});

// One request at a time, so that an older answer never overwrites a newer one, nor a row stands twice.
async function work() {
  if (isWorking) return;
  isWorking = true;
  try {
    while (isReloadDue || waiting.size > 0) {
      await (isReloadDue || waiting.size > MANY ? reload() : takeNext());
    }
  } catch {
    // The line is down, as the strip says already; it brings a reload when it is up again.
    isReloadDue = false;
    waiting.clear();
  } finally {
    isWorking = false;
    summarise();
  }
}

async function takeNext() {
  const [id, kinds] = waiting.entries().next().value;
  waiting.delete(id);
  const outcome = await refreshRow(id);
  if (outcome === "new") welcome(findRow(id));
  if (outcome === "hidden" && location.search && RAISED.includes(kinds.at(-1))) warnOfFilter();
}

async function reload() {
  isReloadDue = false;
  waiting.clear();
  (await reloadRows()).forEach(welcome);
}

function welcome(row) {
  markNew(row);
  announce(row);
  if (isUrgent(row)) sound.alarm();
}

function warnOfFilter() {
  toast("An alert was raised that this filter hides.", { words: "Show all alerts", href: "/" });
  sound.alarm();
}

function summarise() {
  const rows = allRows();
  const counts = ["critical", "high", "medium", "low"]
    .map((name) => [rows.filter((row) => row.dataset.severity === name).length, name])
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count} ${name}`);
  const unseen = rows.filter((row) => row.dataset.handling === "new").length;
  document.getElementById("summary").textContent = rows.length ? `${counts.join(", ")}; ${unseen} new` : "";
  document.title = `${unseen ? `(${unseen}) ` : ""}Alerts – Supervision`;
}

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
document.addEventListener("htmx:afterSwap", summarise);
attachDialog(summarise);
attachKeys();
attachStrip(line);
summarise();
