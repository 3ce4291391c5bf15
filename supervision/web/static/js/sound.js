// Sound for what must not be overlooked. A browser allows it only after a click: hence "arm".

const REPEAT_MS = 10_000;
const CRITICAL = [[880, 0], [660, 0.22], [880, 0.44]];
const CUT_OFF = [[300, 0], [300, 0.4]];
const TEST = [[660, 0], [880, 0.18]];

export class Sound {
  #context = null;
  #isCut = false;

  constructor(button, isWaiting) {
    this.button = button;
    this.isWaiting = isWaiting;
    button.addEventListener("click", () => this.toggle());
    setInterval(() => this.repeat(), REPEAT_MS);
  }

  get isArmed() {
    return this.#context !== null;
  }

  async toggle() {
    if (this.isArmed) {
      await this.#context.close();
      this.#context = null;
    } else {
      this.#context = new AudioContext();
      this.#play(TEST);
    }
    this.button.setAttribute("aria-pressed", String(this.isArmed));
    this.button.querySelector("span").textContent = this.isArmed ? "Sound armed" : "Arm sound";
  }

  alarm() {
    this.#play(CRITICAL);
  }

  setCut(isCut) {
    if (isCut && !this.#isCut) this.#play(CUT_OFF);
    this.#isCut = isCut;
  }

  repeat() {
    if (this.isWaiting()) this.#play(CRITICAL);
    else if (this.#isCut) this.#play(CUT_OFF);
  }

  #play(notes) {
    if (!this.isArmed) return;
    const context = this.#context;
    for (const [pitchHz, afterS] of notes) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const at = context.currentTime + afterS;
      tone.frequency.value = pitchHz;
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.3, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.18);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.2);
    }
  }
}
