type State = 'text' | 'escape' | 'intermediate' | 'control' | 'string';

/** A sequence that never ends must not swallow the rest of an answer. */
const longestSequence = 4096;

const stringIntroducers = 'P]X^_';
const c1Introducers: Readonly<Record<string, State>> = {
  '\u009b': 'control',
  '\u0090': 'string',
  '\u0098': 'string',
  '\u009d': 'string',
  '\u009e': 'string',
  '\u009f': 'string',
};

interface EscapeSequence {
  readonly isOpen: boolean;
  /** Whether this character belongs to a sequence and must not be shown. */
  swallows(character: string): boolean;
}

/**
 * Recognises control sequences as a terminal would, payload included, whichever of the two
 * introducers they use. A sequence ends at its terminator, at the end of the line, or at its limit.
 */
export function createEscapeSequence(): EscapeSequence {
  let state: State = 'text';
  let length = 0;

  const enter = (next: State): true => {
    state = next;
    length = 0;
    return true;
  };

  const leave = (): false => {
    state = 'text';
    return false;
  };

  return {
    get isOpen() {
      return state !== 'text';
    },

    swallows(character) {
      if (character === '\u001b') return enter('escape');
      const introduced = c1Introducers[character];
      if (introduced !== undefined) return enter(introduced);
      if (state === 'text') return false;
      length += 1;
      if (character === '\n' || character === '\r' || length > longestSequence) return leave();

      if (state === 'string') {
        if (/[\u0007\u0018\u001a\u009c]/.test(character)) leave();
        return true;
      }
      if (state === 'escape' && character === '[') return enter('control');
      if (state === 'escape' && stringIntroducers.includes(character)) return enter('string');
      if (state === 'control' ? /[ -?]/.test(character) : /[ -/]/.test(character)) {
        if (state === 'escape') state = 'intermediate';
        return true;
      }
      const isFinal = state === 'control' ? /[@-~]/.test(character) : /[0-~]/.test(character);
      leave();
      return isFinal;
    },
  };
}
