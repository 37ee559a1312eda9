import { characterKind, type CharacterKind } from './character-kind.ts';
import { letterCost } from './letter-cost.ts';
import { pairCost } from './pair-cost.ts';

// In hundredths of a token, so that sums are exact; docs/decisions/0010-token-estimates.md explains
// their origin. They also obey a rule: a character that is cheaper after a certain text is never
// dearer there than at the beginning.
const TOKEN = 100;
/** This much of the cost after a word's first letter is free: most short words are one token. */
const WORD_SLACK = 30;
const NEXT_CAPITAL = 15;
const DIGITS_OF_TOKEN = 3;
/** The saving for a word whose token begins with the space or the single sign before it. */
const JOIN = { space: TOKEN, tab: 66, sign: 66 };
const NEXT_SIGN = { second: 10, third: 22, further: 34, rare: 50, same: 3 };
const NEXT_NEWLINE = 3;
/** The second half of an emoji, and the characters that join or colour it. */
const REST_OF_EMOJI = 30;

/** The cost of a text, computed from its beginning to its end. */
export class TextCost {
  #cost = 0;
  #previous = 0;
  #kind: CharacterKind | null = null;
  #runLength = 0;
  #slack = 0;
  #join = 0;

  /** In hundredths of a token. */
  get hundredths(): number {
    return this.#cost;
  }

  add(text: string): void {
    for (let index = 0; index < text.length;) {
      this.#addUnit(text.charCodeAt(index));
      index += 1;
      if (this.#kind === 'lower') index = this.#addLowerLetters(text, index);
    }
  }

  /** A faster path for most of most texts; unit by unit gives the same result. */
  #addLowerLetters(text: string, start: number): number {
    let cost = this.#cost;
    let slack = this.#slack;
    let previous = this.#previous;
    let index = start;
    for (; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x61 || code > 0x7a) break;
      const next = pairCost(previous, code);
      const free = next < slack ? next : slack;
      cost += next - free;
      slack -= free;
      previous = code;
    }
    this.#cost = cost;
    this.#slack = slack;
    this.#previous = previous;
    this.#runLength += index - start;
    return index;
  }

  #addUnit(code: number): void {
    const kind = characterKind(code);
    const isRun = kind === this.#kind;
    switch (kind) {
      case 'lower':
      case 'upper':
      case 'letter':
        this.#addLetter(code, kind);
        break;
      case 'digit':
        if (!isRun || this.#runLength % DIGITS_OF_TOKEN === 0) this.#cost += TOKEN;
        this.#join = 0;
        break;
      case 'space':
        // All spaces but the last form a token, the last begins the next one; long runs are
        // divided.
        this.#cost += !isRun || this.#runLength === 1 ? TOKEN : this.#runLength % 2;
        this.#join = code === 0x09 ? JOIN.tab : JOIN.space;
        break;
      case 'newline':
        if (isRun) this.#cost += NEXT_NEWLINE;
        else if (this.#kind !== 'space' && this.#kind !== 'sign') this.#cost += TOKEN;
        this.#join = 0;
        break;
      case 'sign':
        if (isRun) this.#addNextSign(code);
        else this.#addFirstSign(code);
        break;
      case 'emoji':
        this.#addEmoji(code, isRun);
        break;
    }
    this.#runLength = isRun ? this.#runLength + 1 : 1;
    this.#kind = kind;
    this.#previous = code;
  }

  #addLetter(code: number, kind: CharacterKind): void {
    const next = this.#nextLetterCost(code, kind);
    if (next === null) {
      const dear = kind === 'letter' ? letterCost(code) + WORD_SLACK : 0;
      this.#cost += (dear > TOKEN ? dear : TOKEN) - this.#join;
      this.#slack = WORD_SLACK;
    } else this.#addFurther(next);
    this.#join = 0;
  }

  #addFurther(next: number): void {
    const free = next < this.#slack ? next : this.#slack;
    this.#cost += next - free;
    this.#slack -= free;
  }

  /** Null if a word begins, even inside another: `camelCase`, `XMLReader`, `CSSでは`. */
  #nextLetterCost(code: number, kind: CharacterKind): number | null {
    switch (this.#kind) {
      case 'lower':
        if (kind === 'upper') return null;
        break;
      case 'upper':
        if (kind === 'upper') return NEXT_CAPITAL;
        if (kind === 'lower' && this.#runLength > 1) {
          // The word's capital was counted in the run before.
          this.#join = NEXT_CAPITAL;
          return null;
        }
        break;
      case 'letter':
        if (kind === 'letter') return letterCost(code);
        return isLatin(this.#previous) ? letterCost(this.#previous) : null;
      default:
        return null;
    }
    if (kind === 'lower') return pairCost(this.#previous, code);
    return isLatin(code) ? letterCost(code) : null;
  }

  #addFirstSign(code: number): void {
    const joined = this.#previous === 0x20 ? this.#join : 0;
    this.#cost += TOKEN - joined;
    this.#join = joined === 0 && code < 0x80 ? JOIN.sign : 0;
  }

  #addNextSign(code: number): void {
    this.#cost += NEXT_SIGN[this.#placeOfSign(code)];
    this.#join = 0;
  }

  #placeOfSign(code: number): keyof typeof NEXT_SIGN {
    if (code === this.#previous) return 'same';
    if (code >= 0x80) return 'rare';
    if (this.#runLength === 1) return 'second';
    return this.#runLength === 2 ? 'third' : 'further';
  }

  #addEmoji(code: number, isRun: boolean): void {
    const isFirstHalf = code >= 0xd83c && code < 0xdc00;
    if (isRun) this.#cost += isFirstHalf ? TOKEN : REST_OF_EMOJI;
    else this.#cost += TOKEN - (this.#previous === 0x20 ? this.#join : 0);
    this.#join = 0;
  }
}

function isLatin(code: number): boolean {
  return code < 0x250;
}
