import { toCharacterKey } from './character-key.ts';
import { toApplicationKey, toControlSequenceKey } from './control-sequence-key.ts';
import { noModifiers, toKey, type KeyEvent } from './key-event.ts';
import { createPasteCollector } from './paste-collector.ts';

/** Decodes the bytes of a terminal into keys; the bytes may be split anywhere. */
export interface KeyDecoder {
  push(bytes: Uint8Array): KeyEvent[];
  /** Time has passed without more input: the sequence so far is complete. */
  flush(): KeyEvent[];
  /** The pending kind of input; a paste may pause for longer than an escape sequence. */
  readonly pending: 'none' | 'sequence' | 'paste';
}

type State =
  | { readonly at: 'ground' }
  | { readonly at: 'escape'; readonly isAlt: boolean }
  | { readonly at: 'control-sequence'; readonly parameters: string; readonly isAlt: boolean }
  | { readonly at: 'application'; readonly isAlt: boolean }
  | { readonly at: 'string'; readonly introducer: string; readonly isEmpty: boolean }
  | { readonly at: 'string-escape' }
  | { readonly at: 'swallow'; readonly count: number }
  | { readonly at: 'paste' };

const escape = '\u001b';
const bell = '\u0007';
const stringEnd = '\u009c';
const ground: State = { at: 'ground' };
/** Longer than any key or answer; a sequence that is longer still is swallowed all the same. */
const mostParameters = 256;

export function createKeyDecoder(): KeyDecoder {
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
  let state: State = ground;
  const paste = createPasteCollector();
  let events: KeyEvent[] = [];

  const emit = (event: KeyEvent | undefined) => {
    if (event === undefined) return;
    const last = events.at(-1);
    if (event.type === 'text' && last?.type === 'text') {
      events[events.length - 1] = { type: 'text', text: last.text + event.text };
    } else events.push(event);
  };

  const endPaste = () => {
    emit({ type: 'paste', text: paste.end() });
    state = ground;
  };

  const step = (character: string): void => {
    // Whatever is begun, Ctrl-C, Enter and their like still do what they do.
    const cancels = character < ' ' && character !== escape && character !== bell;
    if (state.at !== 'ground' && state.at !== 'escape' && state.at !== 'swallow' && cancels) {
      state = ground;
    }
    switch (state.at) {
      case 'ground':
        if (character === escape) state = { at: 'escape', isAlt: false };
        else if (/[\u0080-\u009f]/.test(character)) afterEscape(inSevenBits(character), false);
        else emit(toCharacterKey(character));
        return;
      case 'escape':
        afterEscape(character, state.isAlt);
        return;
      case 'control-sequence':
        inControlSequence(character, state.parameters, state.isAlt);
        return;
      case 'application':
        if (character === escape) state = { at: 'escape', isAlt: false };
        else {
          emit(toApplicationKey(character, state.isAlt));
          state = ground;
        }
        return;
      case 'string':
        if (character === bell || character === stringEnd) state = ground;
        else if (character === escape) state = { at: 'string-escape' };
        else state = { ...state, isEmpty: false };
        return;
      case 'string-escape':
        if (character === '\\') state = ground;
        else afterEscape(character, false);
        return;
      case 'swallow':
        state = state.count > 1 ? { at: 'swallow', count: state.count - 1 } : ground;
        return;
      case 'paste':
        return;
    }
  };

  const afterEscape = (character: string, isAlt: boolean): void => {
    if (character === escape) {
      // The first one was pressed by itself, unless a sequence follows the second: Alt and a key.
      if (isAlt) emit(toKey('escape'));
      state = { at: 'escape', isAlt: true };
    } else if (character === '[') state = { at: 'control-sequence', parameters: '', isAlt };
    else if (character === 'O') state = { at: 'application', isAlt };
    else if (']P_^X'.includes(character)) {
      if (isAlt) emit(toKey('escape'));
      state = { at: 'string', introducer: character, isEmpty: true };
    } else {
      if (isAlt) emit(toKey('escape'));
      emit(toCharacterKey(character, { ...noModifiers, isAlt: true }));
      state = ground;
    }
  };

  const inControlSequence = (character: string, parameters: string, isAlt: boolean): void => {
    if (character === escape) state = { at: 'escape', isAlt: false };
    else if (character >= ' ' && character <= '?') {
      const isShort = parameters.length < mostParameters;
      state = { at: 'control-sequence', parameters: isShort ? parameters + character : '?', isAlt };
    } else if (character > '~') {
      state = ground;
      step(character);
    } else if (parameters === '' && character === '[') state = { at: 'swallow', count: 1 };
    else if (parameters === '' && character === 'M') state = { at: 'swallow', count: 3 };
    else if (parameters === '200' && character === '~') state = { at: 'paste' };
    else {
      emit(toControlSequenceKey(parameters, character, isAlt));
      state = ground;
    }
  };

  const take = (): KeyEvent[] => {
    const taken = events;
    events = [];
    return taken;
  };

  return {
    push(bytes) {
      const input = utf8.decode(bytes, { stream: true });
      for (let index = 0; index < input.length;) {
        if (state.at === 'paste') {
          const { length, isEnd } = paste.take(input.slice(index));
          index += length;
          if (isEnd) endPaste();
          continue;
        }
        const character = String.fromCodePoint(input.codePointAt(index) ?? 0);
        step(character);
        index += character.length;
      }
      return take();
    },

    flush() {
      switch (state.at) {
        case 'paste':
          endPaste();
          break;
        case 'escape':
          if (state.isAlt) emit(toKey('escape'));
          emit(toKey('escape'));
          state = ground;
          break;
        case 'control-sequence':
          if (state.parameters === '') {
            emit(toCharacterKey('[', { ...noModifiers, isAlt: true }));
            state = ground;
          }
          break;
        case 'application':
          emit(toCharacterKey('O', { ...noModifiers, isAlt: true }));
          state = ground;
          break;
        case 'string':
          if (state.isEmpty) {
            emit(toCharacterKey(state.introducer, { ...noModifiers, isAlt: true }));
            state = ground;
          }
          break;
        case 'ground':
        case 'string-escape':
        case 'swallow':
          break;
      }
      return take();
    },

    get pending() {
      if (state.at === 'paste') return 'paste';
      return state.at === 'ground' ? 'none' : 'sequence';
    },
  };
}

/** A C1 control means the same as ESC and a capital letter. */
function inSevenBits(control: string): string {
  return String.fromCodePoint((control.codePointAt(0) ?? 0) - 0x40);
}
