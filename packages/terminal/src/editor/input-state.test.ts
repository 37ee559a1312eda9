import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Completion } from './completion.ts';
import { createKeyDecoder } from './decode-keys.ts';
import { graphemesOf } from './graphemes.ts';
import {
  applyCompletion,
  applyEvent,
  emptyInput,
  narrowMenu,
  type Effect,
  type InputState,
} from './input-state.ts';
import { toView } from './view.ts';

const entries = ['git log', 'two\nlines', 'git push'];

/** What all these keys make of an empty input, and all that they ask for. */
function press(keys: string, from: InputState = emptyInput) {
  const decoder = createKeyDecoder();
  const bytes = new TextEncoder().encode(keys);
  const effects: Effect[] = [];
  let state = from;
  for (const event of [...decoder.push(bytes), ...decoder.flush()]) {
    const outcome = applyEvent(state, event, entries);
    state = outcome.state;
    if (outcome.effect !== undefined) effects.push(outcome.effect);
  }
  return { state, effects, text: state.editing.buffer.text, cursor: state.editing.buffer.cursor };
}

const completionOf = (start: number, ...values: string[]): Completion => ({
  start,
  candidates: values.map((value) => ({ value })),
});

describe('input-state', () => {
  it.each([
    ['one\r', 'one'],
    ['one\\\\\r', 'one\\\\'],
    ['a\\b\r', 'a\\b'],
    ['a\\\rb\r', 'a\nb'],
    ['\r', ''],
    ['two\u001b\rlines\u001b[A\r', 'two\nlines'],
  ])('submits for the keys %j the text %j', (keys, text) => {
    const pressed = press(keys);
    expect(pressed.effects).toEqual([{ type: 'submit', text }]);
    expect(pressed.text).toBe('');
  });

  it('makes Enter go on only behind the backslash', () => {
    expect(press('a\\\u0001\r').effects).toEqual([{ type: 'submit', text: 'a\\' }]);
  });

  it.each<[string, Effect['type'][], string]>([
    ['\u0003', ['interrupt'], ''],
    ['text\u0003', [], ''],
    ['text\u0003\u001f', [], 'text'],
    ['\u0004', ['end'], ''],
    ['text\u0001\u0004', [], 'ext'],
    ['\t', ['complete'], ''],
    ['a\t', ['complete'], 'a'],
    ['a\n\t', [], 'a\n\t'],
    ['a\u0018\u0005', ['edit-outside'], 'a'],
    ['a\u0018\u0015', [], ''],
    ['a\u0018\u0001b', [], 'ab'],
    ['a\u0007', ['edit-outside'], 'a'],
    ['\u000c', ['clear-screen'], ''],
    ['\u001a', ['suspend'], ''],
    ['\u0012push\r', ['submit'], ''],
    ['\u0012git\u0012\u0005!', [], 'git log!'],
    ['\u0012git\u0012\u0013\u0005!', [], 'git push!'],
    ['\u0012gitx\u007f\u0005!', [], 'git push!'],
    ['x\u0012git\u001b', [], 'x'],
    ['\u001b[A\u001b[A', [], 'two\nlines'],
    ['\u001b[A\u001b[A\u001b[A\u001b[A', [], 'git log'],
    ['a\u001b[15~b', [], 'ab'],
  ])('takes the keys %j for %j and leaves %j', (keys, effects, text) => {
    const pressed = press(keys);
    expect(pressed.effects.map(({ type }) => type)).toEqual(effects);
    expect(pressed.text).toBe(text);
  });

  it('puts the one candidate in the place of the word', () => {
    const { state } = press('see @sr now\u001b[D\u001b[D\u001b[D\u001b[D');
    const completed = applyCompletion(state, completionOf(4, '@src/'));
    expect(completed.editing.buffer).toEqual({ text: 'see @src/ now', cursor: 9 });
    expect(completed.menu).toBeUndefined();
  });

  it('never makes a word shorter that it cannot complete', () => {
    const completed = applyCompletion(press('lon').state, completionOf(0, 'Long', 'lonely'));
    expect(completed.editing.buffer.text).toBe('lon');
    expect(completed.menu?.index).toBe(-1);
  });

  it('cuts what candidates have in common between characters only', () => {
    const completed = applyCompletion(press('x').state, completionOf(0, 'x👩‍👩‍👧', 'x👩‍👩‍👦'));
    expect(completed.editing.buffer.text).toBe('x');
  });

  it('chooses from the menu around its ends', () => {
    const open = applyCompletion(press('/').state, completionOf(0, '/a', '/b', '/c'));
    expect(press('\u001b[Z\r', open).text).toBe('/c');
    expect(press('\t\t\t\t\r', open).text).toBe('/a');
    expect(press('\u001b[B\u001b[B\u001b[A\r', open).text).toBe('/a');
    expect(press('\r', open).effects).toEqual([{ type: 'submit', text: '/' }]);
    expect(press('\u0003', open).text).toBe('/');
    expect(press('\u001b[D', open).state.menu).toBeUndefined();
  });

  it('chooses nothing of a menu that is out of date', () => {
    const open = applyCompletion(press('/').state, completionOf(0, '/a', '/b'));
    const { effects } = press('\tx\r', open);
    expect(effects).toEqual([{ type: 'narrow' }, { type: 'submit', text: '/x' }]);
    expect(narrowMenu(open, completionOf(0)).menu).toBeUndefined();
  });

  const keys = fc.array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.constantFrom(
        ...['\r', '\n', '\t', '\u007f', '\u0001', '\u0003', '\u0004', '\u0005', '\u000b', '\u0012'],
        ...['\u0013', '\u0014', '\u0015', '\u0017', '\u0018', '\u0019', '\u001f', '\u001b', '\\'],
        ...['\u001b[A', '\u001b[B', '\u001b[C', '\u001b[D', '\u001b[Z', '\u001bb', '\u001bf'],
        ...['\u001b[200~a\rb\u001b[201~', '\u001by', '\u001bd', '👩\u200d', '🇫', '\u0301'],
      ),
    ),
    { maxLength: 30 },
  );

  it('shows a cursor between characters, whatever keys are pressed', () => {
    fc.assert(
      fc.property(keys, fc.boolean(), (pressed, hasMenu) => {
        let state: InputState = emptyInput;
        for (const key of pressed) {
          state = press(key, state).state;
          if (hasMenu && key === '\t' && state.search === undefined) {
            state = applyCompletion(state, completionOf(0, 'git ', 'git\n', '👩'));
          }
          const { text, cursor } = toView('> ', state, '');
          expect(text.isWellFormed()).toBe(true);
          const before = graphemesOf(text.slice(0, cursor));
          expect(graphemesOf(text).slice(0, before.length)).toEqual(before);
        }
      }),
      { numRuns: 200 },
    );
  });
});
