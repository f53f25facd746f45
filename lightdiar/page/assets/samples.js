/* Runs beside the page and hands over what the microphone hears, a channel of it, in pieces of a few hundredths of a
   second. */
class Samples extends AudioWorkletProcessor {
  constructor() {
    super();
    this.held = new Float32Array(2048);
    this.n_held = 0;
  }

  process([channels]) {
    if (!channels.length) return true;
    this.held.set(channels[0], this.n_held);
    this.n_held += channels[0].length;
    if (this.n_held === this.held.length) {
      this.port.postMessage(this.held.slice());
      this.n_held = 0;
    }
    return true;
  }
}
registerProcessor("samples", Samples);
