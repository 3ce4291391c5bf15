// A message above the list: what was refused, or what the list does not show.

const SHOWN_MS = 20_000;
let timer = 0;

export function toast(words, link) {
  const place = document.getElementById("toast");
  place.replaceChildren(words);
  if (link) {
    const element = document.createElement("a");
    element.href = link.href;
    element.textContent = link.words;
    place.append(" ", element);
  }
  place.hidden = false;
  document.getElementById("announcements").textContent = words;
  clearTimeout(timer);
  timer = setTimeout(() => (place.hidden = true), SHOWN_MS);
}
