const FIRST_OF_A_PAIR = 0xd800;

/** Streamed text, split so that no piece ends inside a code point. */
export class StreamText {
  #held = '';

  /** The part that can be passed on now; may be empty. */
  push(piece: unknown): string {
    if (typeof piece !== 'string' || piece === '') return '';
    const text = this.#held + piece;
    const isCut = (text.charCodeAt(text.length - 1) & 0xfc00) === FIRST_OF_A_PAIR;
    this.#held = isCut ? text.slice(-1) : '';
    return (isCut ? text.slice(0, -1) : text).toWellFormed();
  }

  /** The remaining half of a character, if the other half never came. */
  end(): string {
    const text = this.#held.toWellFormed();
    this.#held = '';
    return text;
  }
}
