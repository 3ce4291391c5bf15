// Tells screen readers what is new: critical alerts at once, others politely and in batches.

const GAP_MS = 10_000;

class Batch {
  #waiting = [];
  #timer = 0;
  #spokenAt = -GAP_MS;

  constructor(region, words) {
    this.region = region;
    this.words = words;
  }

  add(row) {
    this.#waiting.push(row);
    if (this.#timer) return;
    const waitMs = Math.max(0, this.#spokenAt + GAP_MS - performance.now());
    this.#timer = setTimeout(() => this.#speak(), waitMs);
  }

  #speak() {
    this.#timer = 0;
    this.#spokenAt = performance.now();
    this.region.textContent = this.words(this.#waiting);
    this.#waiting = [];
  }
}

const cell = (row, label) => row.querySelector(`[data-label="${label}"]`);
const nameOf = (row) => cell(row, "Person").querySelector("a").textContent;

function urgently(rows) {
  if (rows.length === 1) return `Critical alert: ${nameOf(rows[0])}`;
  return `${rows.length} critical alerts: ${rows.map(nameOf).join(", ")}`;
}

function politely(rows) {
  if (rows.length === 1) return `New alert: ${rows[0].dataset.severity}, ${nameOf(rows[0])}`;
  return `${rows.length} new alerts: ${rows.map(nameOf).join(", ")}`;
}

export function announcer() {
  const urgent = new Batch(document.getElementById("urgent"), urgently);
  const polite = new Batch(document.getElementById("announcements"), politely);
  return (row) => (row.dataset.severity === "critical" ? urgent : polite).add(row);
}
