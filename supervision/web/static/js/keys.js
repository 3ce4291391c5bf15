// Single keys for the alert list. They can be switched off, and rest while something is typed.

import { allRows } from "./rows.js";

const OFF = "keys-off";

export function attachKeys() {
  const dialog = document.getElementById("keys-dialog");
  const box = document.getElementById("keys-on");
  box.checked = localStorage.getItem(OFF) === null;
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  document.getElementById("keys-open").addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    if (!box.checked || isTaken(event)) return;
    const act = { j: () => move(1), k: () => move(-1), a: () => press("acknowledge"), c: () => press("close"), "?": () => dialog.showModal() }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function isTaken(event) {
  const isTyping = event.target.closest("input, textarea, select, dialog");
  return isTyping || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]");
}

const heldRow = () => document.activeElement?.closest(".alert");

function move(step) {
  const rows = allRows();
  const held = rows.indexOf(heldRow());
  const next = held < 0 ? (step > 0 ? 0 : rows.length - 1) : held + step;
  rows[next]?.querySelector(".story").focus();
}

function press(what) {
  heldRow()?.querySelector(`.${what}`)?.click();
}
