/** The beginning and the end of a stream of any length, in bounded memory. */
export class OutputBuffer {
  readonly #maxBytes: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #totalBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  add(chunk: Buffer): void {
    this.#totalBytes += chunk.length;
    const half = this.#maxBytes / 2;
    const room = Math.max(0, half - this.#headBytes);
    if (room > 0) this.#head.push(chunk.subarray(0, room));
    this.#headBytes += Math.min(room, chunk.length);
    if (chunk.length <= room) return;
    this.#tail.push(chunk.subarray(room));
    this.#tailBytes += chunk.length - room;
    if (this.#tailBytes > this.#maxBytes) this.#shrink(half);
  }

  toBuffer(): Buffer {
    this.#shrink(this.#maxBytes / 2);
    const missing = this.#totalBytes - this.#headBytes - this.#tailBytes;
    const note = missing > 0 ? `\n[${missing} bytes were dropped here]\n` : '';
    return Buffer.concat([...this.#head, Buffer.from(note), ...this.#tail]);
  }

  #shrink(bytes: number): void {
    if (this.#tailBytes <= bytes) return;
    const kept = Buffer.concat(this.#tail).subarray(-bytes);
    // A copy, so that the chunks can be freed.
    this.#tail = [Buffer.from(kept)];
    this.#tailBytes = kept.length;
  }
}
