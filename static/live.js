// Hands what is heard to the page in blocks of two channels, and keeps nothing of it.

/** Samples of a block: 48 of the portions that an AudioWorklet gets, about an eighth of a second. */
const SIZE = 48 * 128;

const empty = () => [new Float32Array(SIZE), new Float32Array(SIZE)];

class Blocks extends AudioWorkletProcessor {
  #block = empty();
  #filled = 0;

  process([[left, right = left]]) {
    // A source that is silent has no channels; its time goes on in zeros.
    if (left) {
      this.#block[0].set(left, this.#filled);
      this.#block[1].set(right, this.#filled);
    }
    this.#filled += left?.length ?? 128;
    if (this.#filled >= SIZE) {
      this.port.postMessage(this.#block, this.#block.map((channel) => channel.buffer));
      this.#block = empty();
      this.#filled = 0;
    }
    return true;
  }
}

registerProcessor("blocks", Blocks);
