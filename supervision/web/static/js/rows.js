// The alert list in the page: fetches rows, puts each in its place, and keeps the focus where it was.

// Nobody at the screen asked for these: they must not count as use of the sign-in.
const UNASKED = { headers: { "X-Background": "1" } };
const list = () => document.getElementById("alerts");

export const allRows = () => [...list().querySelectorAll(".alert")];
export const findRow = (id) => document.getElementById(`alert-${id}`);

// What one row has become. Returns "new" (or worse than before), "changed", "gone", or "hidden"
// where it was not on this list before and is not now.
export async function refreshRow(id) {
  const answer = await fetch(`/alerts/${id}/row${location.search}`, UNASKED);
  const html = await answer.text();
  const old = findRow(id);
  if (answer.status === 204 || answer.status === 404) {
    if (old) removeRow(old);
    return old ? "gone" : answer.status === 204 ? "hidden" : "gone";
  }
  if (!answer.ok) throw new Error(`row ${id}: ${answer.status}`);
  const row = parse(html).querySelector(".alert");
  const isNews = !old || Number(row.dataset.rank) < Number(old.dataset.rank);
  place(row, old);
  return isNews ? "new" : "changed";
}

// The whole list again. Returns the rows that were not on it before.
export async function reloadRows() {
  const answer = await fetch(`/alerts/rows${location.search}`, UNASKED);
  if (!answer.ok) throw new Error(`rows: ${answer.status}`);
  const html = await answer.text();
  const known = new Set(allRows().map((row) => row.id));
  const focus = focusIn(list());
  list().replaceWith(parse(html).querySelector("tbody"));
  globalThis.htmx?.process(list());
  focus?.();
  return allRows().filter((row) => !known.has(row.id));
}

export function removeRow(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const hadFocus = row.contains(document.activeElement);
  row.remove();
  if (hadFocus) next?.querySelector(".story")?.focus();
}

export function markNew(row) {
  row.classList.add("is-new");
}

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function place(row, old) {
  const focus = old && focusIn(old);
  old?.remove();
  const later = allRows().find((other) => comesBefore(row, other));
  list().insertBefore(row, later ?? null);
  globalThis.htmx?.process(row);
  focus?.();
}

function comesBefore(one, other) {
  const keys = (row) => [Number(row.dataset.rank), Date.parse(row.dataset.found), Number(row.dataset.alert)];
  const [left, right] = [keys(one), keys(other)];
  const place = left.findIndex((value, index) => value !== right[index]);
  return place >= 0 && left[place] < right[place];
}

// If the focus is in there: a function that brings it back to the same thing in the new content.
function focusIn(container) {
  const held = document.activeElement;
  if (!container.contains(held)) return null;
  const id = held.closest(".alert")?.id;
  const kind = ["acknowledge", "close", "story"].find((name) => held.classList.contains(name));
  return () => {
    const row = document.getElementById(id);
    (row?.querySelector(`.${kind}`) ?? row?.querySelector(".story"))?.focus();
  };
}
