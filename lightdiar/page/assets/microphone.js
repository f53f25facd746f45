/* A button that records the microphone as a WAV file of 16 bits, which any computer reads without ffmpeg.

   Samples are put into blobs every few seconds, which the browser may keep on the disk: an hour is 350 MB. */
import { clock, word } from "./words.js";

const PIECE = 4 << 20, SILENT = 1e-4; // bytes in a blob; level of a microphone that is switched off

export class Microphone {
  /* `ready` says whether to begin, `done` gets a WAV blob, `fail` a text. */
  constructor(container, { ready = () => true, done, fail }) {
    Object.assign(this, { ready, done, fail });
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "record";
    this.time = document.createElement("span");
    this.time.className = "clock";
    this.meter = document.createElement("meter");
    Object.assign(this.meter, { min: 0, max: 1, hidden: true });
    this.meter.setAttribute("aria-label", word("level"));
    container.replaceChildren(this.button, this.meter, this.time);
    this.button.addEventListener("click", () => (this.stream ? this.stop() : this.start()));
    this.rest();
  }

  rest() {
    this.stream = null;
    this.meter.hidden = true;
    this.time.textContent = "";
    this.button.textContent = word("record");
    this.button.classList.remove("on");
    this.button.disabled = false;
  }

  async start() {
    if (!this.ready()) return;
    this.button.disabled = true;
    try {
      const wish = { echoCancellation: false, noiseSuppression: false, autoGainControl: true };
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: wish });
      this.context = new AudioContext();
      await this.context.audioWorklet.addModule("assets/samples.js");
      const node = new AudioWorkletNode(this.context, "samples", { numberOfOutputs: 0 });
      Object.assign(this, { blobs: [], pieces: [], n_bytes: 0, n_samples: 0, loudest: 0 });
      node.port.onmessage = (event) => this.take(event.data);
      this.context.createMediaStreamSource(this.stream).connect(node);
    } catch {
      this.close();
      this.fail(word("no_microphone"));
      return;
    }
    this.button.disabled = false;
    this.button.textContent = word("stop");
    this.button.classList.add("on");
    this.meter.hidden = false;
  }

  take(samples) {
    if (!this.context) return; // it was on its way
    const integers = new Int16Array(samples.length);
    let level = 0;
    for (let i = 0; i < samples.length; i++) {
      const sample = Math.max(-1, Math.min(1, samples[i]));
      level = Math.max(level, Math.abs(sample));
      integers[i] = Math.round(sample * 32767);
    }
    this.loudest = Math.max(this.loudest, level);
    this.pieces.push(integers);
    this.n_bytes += integers.byteLength;
    const before = Math.floor(this.n_samples / this.context.sampleRate);
    this.n_samples += samples.length;
    const seconds = this.n_samples / this.context.sampleRate;
    this.meter.value = Math.max(level, 0.85 * this.meter.value);
    if (Math.floor(seconds) > before || before === 0) this.show(seconds);
    if (this.n_bytes < PIECE) return;
    this.blobs.push(new Blob(this.pieces));
    Object.assign(this, { pieces: [], n_bytes: 0 });
  }

  show(seconds) {
    const silent = seconds > 2 && this.loudest < SILENT;
    this.time.textContent = silent ? word("silent_microphone") : clock(seconds);
  }

  stop() {
    const sound = new Blob([header(this.n_samples, this.context.sampleRate), ...this.blobs, ...this.pieces]);
    this.close();
    this.done(sound);
  }

  close() {
    if (this.stream) for (const track of this.stream.getTracks()) track.stop();
    if (this.context) this.context.close();
    this.context = null;
    this.rest();
  }
}

/* The 44 bytes before the samples of one channel. */
function header(n_samples, rate) {
  const view = new DataView(new ArrayBuffer(44));
  const text = (place, letters) => [...letters].forEach((c, i) => view.setUint8(place + i, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * n_samples, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * n_samples, true);
  return view.buffer;
}
