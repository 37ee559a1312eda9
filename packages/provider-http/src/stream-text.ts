const FIRST_OF_A_PAIR = 0xd800;

/** Text that comes in pieces, passed on so that no piece ends inside a code point. */
export class StreamText {
  #held = '';

  /** What can be passed on now; may be empty. */
  push(piece: unknown): string {
    if (typeof piece !== 'string' || piece === '') return '';
    const text = this.#held + piece;
    const isCut = (text.charCodeAt(text.length - 1) & 0xfc00) === FIRST_OF_A_PAIR;
    this.#held = isCut ? text.slice(-1) : '';
    return (isCut ? text.slice(0, -1) : text).toWellFormed();
  }

  /** What was held back for a half that did not come. */
  end(): string {
    const text = this.#held.toWellFormed();
    this.#held = '';
    return text;
  }
}
