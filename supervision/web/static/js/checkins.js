// Keeps a list of check-ins current: htmx asks each 15 s; what has not changed is left alone.

import { setServerTime } from "./ages.js";

const SAID = {
  live: ["LIVE", "What is new appears by itself within 15 s."],
  disconnected: ["DISCONNECTED", "This list is not kept current. Trying again…"],
  "signed-out": ["SIGNED OUT", ""],
};
const board = document.getElementById("board");
const strip = document.getElementById("strip");
let known = null;
let held = null;

// What a list says, without what each moment changes.
const gist = (html) => html.replace(/<time data-(age|left).*?<\/time>/g, "").replace(/data-(fetched|now)="[^"]*"/g, "");

function show(name) {
  const [word, detail] = SAID[name];
  if (strip.dataset.state === name) return;
  strip.dataset.state = name;
  document.getElementById("strip-state").textContent = word;
  const place = document.getElementById("strip-detail");
  place.textContent = detail;
  if (name === "signed-out") place.append(signInLink());
  document.getElementById("strip-announce").textContent = `${word}. ${detail}`;
  document.body.classList.toggle("is-signed-out", name === "signed-out");
}

function signInLink() {
  const link = document.createElement("a");
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`;
  link.textContent = "Sign in again";
  return link;
}

function note(lists) {
  document.getElementById("fetched").textContent = lists.dataset.fetched;
  setServerTime(lists.dataset.now);
}

function nameTab() {
  const count = document.getElementById("lists").dataset.count;
  const plain = document.title.replace(/^\(\d+\) /, "");
  document.title = count === "0" ? plain : `(${count}) ${plain}`;
}

// Whoever worked in a row that has gone goes on in the one that took its place.
function keepFocus() {
  if (!held || document.activeElement !== document.body) return;
  const rows = [...board.querySelectorAll(".see")];
  (rows[Math.min(held.place, rows.length - 1)] ?? board.querySelector("[aria-current]"))?.focus();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.xhr.status || detail.xhr.status >= 400) return;
  const html = detail.serverResponse;
  const template = document.createElement("template");
  template.innerHTML = html;
  note(template.content.getElementById("lists"));
  show("live");
  detail.shouldSwap = gist(html) !== known;
  known = gist(html);
  const row = document.activeElement.closest("#board .row");
  held = row && { place: [...board.querySelectorAll(".row")].indexOf(row) };
});
document.addEventListener("htmx:afterSwap", () => {
  keepFocus();
  nameTab();
});
document.addEventListener("htmx:responseError", ({ detail }) => show(detail.xhr.status === 401 ? "signed-out" : "disconnected"));
document.addEventListener("htmx:sendError", () => show("disconnected"));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) globalThis.htmx.trigger(board, "refresh");
});
show("live");
nameTab();
