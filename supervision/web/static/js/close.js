// Acknowledging in the row and closing in a dialog; htmx fetches and sends, this opens and ends it.

import { allRows, findRow, removeRow } from "./rows.js";
import { toast } from "./toast.js";

export function attachDialog(onChange) {
  const dialog = document.getElementById("close-dialog");
  const body = document.getElementById("close-dialog-body");
  let places = [];

  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    if (target.matches(".close")) places = placesFrom(target.closest(".alert"));
  });
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    if (target === body && !dialog.open) dialog.showModal();
    if (target.matches?.(".alert")) findRow(target.dataset.alert)?.querySelector(".story").focus();
  });
  document.addEventListener("alert-closed", ({ detail }) => {
    dialog.close();
    const row = findRow(detail.id);
    if (row) removeRow(row);
    onChange();
  });
  document.addEventListener("htmx:responseError", ({ detail }) => toast(refusal(detail.xhr)));
  document.addEventListener("htmx:sendError", () => toast("Not sent: the server cannot be reached. Nothing was changed."));
  body.addEventListener("click", (event) => {
    if (!event.target.closest(".cancel")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    body.replaceChildren();
    places.map(({ id }) => document.getElementById(id)).find(Boolean)?.querySelector(".story").focus();
  });
}

// Where the focus goes afterwards: the row itself or, if that has left the list meanwhile (the live
// feed may be faster than the answer), the one after it.
function placesFrom(row) {
  const rows = allRows();
  const place = rows.indexOf(row);
  return [...rows.slice(place), ...rows.slice(0, place).reverse()];
}

function refusal(answer) {
  try {
    return JSON.parse(answer.responseText).detail;
  } catch {
    return `The server refused (${answer.status}). Nothing was changed.`;
  }
}
