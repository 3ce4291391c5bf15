// The line to the server: follows the live feed, takes up again where it was cut, says how it stands.
// Events: "alert" (detail: seq, alert_id, kind), "reload" (load the list again), "state".

const LATE_MS = 8_000;
const LOST_MS = 20_000;
const FIRST_RETRY_MS = 250;
const MOST_RETRY_MS = 4_000;

export class LiveLine extends EventTarget {
  #after;
  #source = null;
  #retryMs = FIRST_RETRY_MS;
  #heardAt = 0;
  #triedAt = 0;
  #heartbeat = {};
  #wasCut = false;
  #isSignedOut = false;
  #timer = 0;

  constructor(seq) {
    super();
    this.#after = seq;
  }

  // One of live, delayed, disconnected, signed-out, connecting; and the last heartbeat's words.
  get state() {
    const silentMs = performance.now() - this.#heardAt;
    if (this.#isSignedOut) return { name: "signed-out" };
    if (this.#source?.readyState !== EventSource.OPEN || !this.#heardAt) {
      return { name: this.#wasCut ? "disconnected" : "connecting" };
    }
    const lagS = Math.max(this.#heartbeat.lag_s - 3, silentMs > LATE_MS ? silentMs / 1000 : 0);
    const isDelayed = lagS > 0 || this.#heartbeat.silent.length > 0;
    return { name: isDelayed ? "delayed" : "live", lagS, ...this.#heartbeat };
  }

  open() {
    clearTimeout(this.#timer);
    this.#source?.close();
    const query = this.#after === null ? "" : `?after=${this.#after}`;
    const source = new EventSource(`/live${query}`);
    this.#source = source;
    this.#triedAt = performance.now();
    source.addEventListener("heartbeat", (event) => this.#hear(JSON.parse(event.data)));
    source.addEventListener("alert", (event) => {
      this.#after = event.lastEventId;
      this.#tell("alert", JSON.parse(event.data));
    });
    source.addEventListener("reload", (event) => {
      this.#after = event.lastEventId;
      this.#tell("reload");
    });
    source.addEventListener("error", () => this.#lose(source));
  }

  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#heardAt = 0;
  }

  // Called every second: a line, or an attempt, that is silent for too long is as good as cut.
  check() {
    const isTried = this.#source && this.#source.readyState !== EventSource.CLOSED;
    const silentMs = performance.now() - Math.max(this.#heardAt, this.#triedAt);
    if (isTried && silentMs > LOST_MS) this.#lose(this.#source);
    this.#tell("state", this.state);
  }

  #hear(heartbeat) {
    this.#heartbeat = heartbeat;
    this.#heardAt = performance.now();
    this.#retryMs = FIRST_RETRY_MS;
    this.#isSignedOut = false;
    if (this.#wasCut) this.#tell("reload");
    this.#wasCut = false;
    this.#tell("state", this.state);
  }

  async #lose(source) {
    if (source !== this.#source) return;
    const wasRefused = source.readyState === EventSource.CLOSED;
    source.close();
    this.#wasCut = true;
    this.#heardAt = 0;
    this.#timer = setTimeout(() => this.open(), this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, MOST_RETRY_MS);
    if (wasRefused) this.#isSignedOut = await isSignedOut();
    this.#tell("state", this.state);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

// An EventSource does not say why it was refused; asking once more does.
async function isSignedOut() {
  const asked = new AbortController();
  try {
    const answer = await fetch("/live", { headers: { Accept: "text/event-stream" }, signal: asked.signal });
    return answer.status === 401;
  } catch {
    return false;
  } finally {
    asked.abort();
  }
}
