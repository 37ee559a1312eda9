import { createEscapeSequence } from './escape-sequence.ts';
import {
  isEmojiSelector,
  isLineBreak,
  isMark,
  isScriptJoiner,
  isShown,
  joiner,
  joinsEmoji,
} from './safe-character.ts';

/** Text that arrives in pieces; the pieces may be cut anywhere. */
export interface SafeText {
  push(text: string): string;
  /** The rest, after the end of the input. */
  flush(): string;
}

const asciiOnly = /^[\n\t -~]*$/;
/** Runs of these need no look at their neighbours: ASCII, Latin, Greek, Cyrillic, Kana, Han, Hangul. */
const plainRun =
  /[\n\t -~\u00a1-\u00ac\u00ae-\u02ff\u0391-\u0482\u2010-\u2027\u3001-\u303d\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uac00-\ud7a3]+/y;
const mostMarks = 8;

/**
 * The one filter between foreign bytes and a terminal. What comes out is printable text, `\n` and
 * `\t`: no control sequence, nothing that reorders, overwrites or hides.
 */
export function createSafeText(): SafeText {
  const sequence = createEscapeSequence();
  let previous = '';
  let marks = 0;
  let pendingSurrogate = '';
  let isJoinerPending = false;

  const isPlainState = () => !sequence.isOpen && !isJoinerPending && previous !== '\r';

  const emit = (character: string): string => {
    previous = character;
    return character;
  };

  const filter = (character: string): string => {
    if (sequence.swallows(character)) return '';
    const isJoined = isJoinerPending && joinsEmoji(previous, character);
    isJoinerPending = false;

    if (isLineBreak(character)) {
      const isSecondHalf = character === '\n' && previous === '\r';
      previous = character;
      return isSecondHalf ? '' : '\n';
    }
    if (character === '\t') return emit(character);
    if (character === joiner && !isScriptJoiner(character, previous)) {
      isJoinerPending = true;
      return '';
    }
    if (isScriptJoiner(character, previous) || isEmojiSelector(character, previous)) {
      return emit(character);
    }
    if (!isShown(character)) return replacementFor(character);
    marks = isMark(character) ? marks + 1 : 0;
    if (marks > mostMarks) return '';
    return (isJoined ? joiner : '') + emit(character);
  };

  return {
    push(text) {
      let input = pendingSurrogate + text;
      pendingSurrogate = '';
      if (isPlainState() && asciiOnly.test(input)) {
        previous = input.at(-1) ?? previous;
        marks = 0;
        return input;
      }
      if (/[\ud800-\udbff]$/.test(input)) {
        pendingSurrogate = input.slice(-1);
        input = input.slice(0, -1);
      }

      let output = '';
      let index = 0;
      while (index < input.length) {
        if (isPlainState()) {
          plainRun.lastIndex = index;
          const run = plainRun.exec(input)?.[0];
          if (run !== undefined) {
            output += run;
            index += run.length;
            previous = run.slice(-1);
            marks = 0;
            continue;
          }
        }
        const character = String.fromCodePoint(input.codePointAt(index) ?? 0);
        output += filter(character);
        index += character.length;
      }
      return output;
    },

    flush() {
      const rest = pendingSurrogate;
      pendingSurrogate = '';
      isJoinerPending = false;
      return rest === '' ? '' : filter(rest);
    },
  };
}

/** The same for a text that is there as a whole. */
export function toSafeText(text: string): string {
  if (asciiOnly.test(text)) return text;
  const safe = createSafeText();
  return safe.push(text) + safe.flush();
}

/** Half an emoji and a code point without a character are shown as damage; the rest just goes. */
function replacementFor(character: string): string {
  return /^[\p{Cs}\p{Cn}]$/u.test(character) &&
    !/^\p{Default_Ignorable_Code_Point}$/u.test(character)
    ? '\ufffd'
    : '';
}
