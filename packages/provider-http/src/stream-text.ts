const HIGH_SURROGATE_AT_END = /[\ud800-\udbff]$/;

/** Text that comes in pieces, passed on so that no piece ends inside a code point. */
export class StreamText {
  #held = '';

  /** What can be passed on now; may be empty. */
  push(piece: unknown): string {
    if (typeof piece !== 'string' || piece === '') return '';
    const text = this.#held + piece;
    this.#held = HIGH_SURROGATE_AT_END.test(text) ? text.slice(-1) : '';
    return text.slice(0, text.length - this.#held.length).toWellFormed();
  }

  /** What was held back for a half that did not come. */
  end(): string {
    const text = this.#held.toWellFormed();
    this.#held = '';
    return text;
  }
}
