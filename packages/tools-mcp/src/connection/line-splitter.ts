export interface LineSplitterOptions {
  maxBytes: number;
  onLine: (line: string) => void;
  /** Called once for each line that grows beyond `maxBytes`; `head` is its stored beginning. */
  onTooLong: (head: string) => void;
}

/** Cuts bytes into lines and never holds more than `maxBytes` of one. */
export class LineSplitter {
  readonly #options: LineSplitterOptions;
  #pieces: Buffer[] = [];
  #byteLength = 0;
  #isSkipping = false;

  constructor(options: LineSplitterOptions) {
    this.#options = options;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      this.#hold(chunk.subarray(start, end));
      this.#release();
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
  }

  #hold(piece: Buffer): void {
    if (this.#isSkipping || piece.length === 0) return;
    this.#pieces.push(piece);
    this.#byteLength += piece.length;
    if (this.#byteLength <= this.#options.maxBytes) return;
    this.#isSkipping = true;
    const head = Buffer.concat(this.#pieces).subarray(0, this.#options.maxBytes).toString();
    this.#forget();
    this.#options.onTooLong(head);
  }

  #release(): void {
    const line = this.#isSkipping ? '' : Buffer.concat(this.#pieces).toString().replace(/\r$/, '');
    this.#isSkipping = false;
    this.#forget();
    if (line !== '') this.#options.onLine(line);
  }

  #forget(): void {
    this.#pieces = [];
    this.#byteLength = 0;
  }
}
