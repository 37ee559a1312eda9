import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toBuffer } from './edit-buffer.ts';
import {
  edit,
  emptyEditing,
  moveLine,
  pasteText,
  replaceText,
  startOver,
  typeText,
  type EditCommand,
  type Editing,
} from './editing.ts';
import { graphemesOf } from './graphemes.ts';

const family = '👩‍👩‍👧‍👦';

/** A text with `|` at the cursor. */
function at(marked: string): Editing {
  const cursor = marked.indexOf('|');
  return { ...emptyEditing, buffer: toBuffer(marked.replace('|', ''), cursor) };
}

const shown = ({ buffer: { text, cursor } }: Editing) =>
  `${text.slice(0, cursor)}|${text.slice(cursor)}`;

const run = (editing: Editing, ...commands: EditCommand[]) =>
  commands.reduce((next, command) => edit(next, command), editing);

describe('editing', () => {
  it.each<[EditCommand, string, string]>([
    ['move-left', `a${family}|b`, `a|${family}b`],
    ['move-left', 'a\n|b', 'a|\nb'],
    ['move-left', '|a', '|a'],
    ['move-right', `a|${family}b`, `a${family}|b`],
    ['move-right', '🇫🇷|🇩🇪', '🇫🇷🇩🇪|'],
    ['move-word-left', 'one two|', 'one |two'],
    ['move-word-left', 'one \n  |two', '|one \n  two'],
    ['move-word-right', 'o|ne two', 'one| two'],
    ['move-word-right', 'one|\n\n two', 'one\n\n two|'],
    ['move-line-start', 'a\nbc|', 'a\n|bc'],
    ['move-line-end', '|a\nbc', 'a|\nbc'],
    ['move-text-start', 'a\nbc|', '|a\nbc'],
    ['move-text-end', '|a\nbc', 'a\nbc|'],
    ['delete-left', `a${family}|b`, 'a|b'],
    ['delete-left', 'e\u0301|', '|'],
    ['delete-right', `a|${family}b`, 'a|b'],
    ['delete-right', 'a|', 'a|'],
    ['kill-line-end', 'a|bc\nd', 'a|\nd'],
    ['kill-line-start', 'x\nabc|d', 'x\n|d'],
    ['kill-word-left', 'one two|', 'one |'],
    ['kill-blank-word-left', 'see ./a-b/c.ts  |x', 'see |x'],
    ['kill-word-right', '|one two', '| two'],
    ['newline', 'a|b', 'a\n|b'],
    ['transpose', 'ab|', 'ba|'],
  ])('%s turns %j into %j', (command, before, after) => {
    expect(shown(edit(at(before), command))).toBe(after);
  });

  it('moves by the words of a language that writes no spaces', () => {
    expect(shown(edit(at('|日本語を話す'), 'move-word-right'))).not.toBe('日本語を話す|');
  });

  it('finds the word at the other end of a long gap', () => {
    const gap = ' '.repeat(2500);
    expect(shown(edit(at(`one${gap}|`), 'move-word-left'))).toBe(`|one${gap}`);
    expect(shown(edit(at(`|${gap}one two`), 'move-word-right'))).toBe(`${gap}one| two`);
  });

  it('gathers kills in a row and yanks them as one', () => {
    const killed = run(at('one two three|'), 'kill-word-left', 'kill-word-left');
    expect(shown(killed)).toBe('one |');
    expect(shown(edit(killed, 'yank'))).toBe('one two three|');
  });

  it('yanks what was killed before, on demand', () => {
    const killed = run(at('a b|'), 'kill-word-left', 'move-left', 'kill-word-left');
    expect(shown(killed)).toBe('| ');
    expect(shown(run(killed, 'yank'))).toBe('a| ');
    expect(shown(run(killed, 'yank', 'yank-older'))).toBe('b| ');
    expect(shown(run(killed, 'yank', 'yank-older', 'yank-older'))).toBe('a| ');
  });

  it('does not take what is killed elsewhere for the same piece', () => {
    const killed = run(at('a b|'), 'kill-word-left', 'move-text-start', 'kill-word-right');
    expect(killed.killed).toEqual(['b', 'a']);
  });

  it('keeps what was killed for the next line', () => {
    const killed = startOver(edit(at('one|'), 'kill-line-start'));
    expect(shown(edit(killed, 'yank'))).toBe('one|');
  });

  it('undoes typing word by word', () => {
    const typed = graphemesOf('one two').reduce(typeText, emptyEditing);
    expect(shown(edit(typed, 'undo'))).toBe('one |');
    expect(shown(run(typed, 'undo', 'undo'))).toBe('|');
    expect(shown(run(typed, 'undo', 'undo', 'undo'))).toBe('|');
  });

  it('undoes a paste and a replacement in one go', () => {
    const pasted = pasteText(at('a|'), 'x\r\ny');
    expect(shown(pasted)).toBe('ax\ny|');
    expect(shown(edit(replaceText(pasted, 'other'), 'undo'))).toBe('ax\ny|');
    expect(shown(run(pasted, 'undo'))).toBe('a|');
  });

  it('keeps the column over a shorter line, in columns of the screen', () => {
    const down = moveLine(at('日本語|\nab\nabcdefgh'), 'down');
    expect(shown(down!)).toBe('日本語\nab|\nabcdefgh');
    expect(shown(moveLine(down!, 'down')!)).toBe('日本語\nab\nabcdef|gh');
    expect(shown(moveLine(at('日本語\nabc|'), 'up')!)).toBe('日|本語\nabc');
    expect(moveLine(at('a|'), 'up')).toBeUndefined();
    expect(moveLine(at('a|'), 'down')).toBeUndefined();
  });

  const motions = ['left', 'right', 'word-left', 'word-right', 'blank-word-left'] as const;
  const ends = ['line-start', 'line-end', 'text-start', 'text-end'] as const;
  const commands = fc.constantFrom<EditCommand | 'up' | 'down'>(
    ...(['move', 'delete', 'kill'] as const).flatMap((verb) =>
      [...motions, ...ends].map((motion) => `${verb}-${motion}` as const),
    ),
    ...(['newline', 'transpose', 'yank', 'yank-older', 'undo', 'up', 'down'] as const),
  );
  const pieces = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    fc.constantFrom(
      '👩',
      '\u200d',
      '\u0301',
      '🇫',
      '🇷',
      '\ud83d',
      'e',
      ' ',
      '\r',
      '\n',
      'ก็',
      '日本',
    ),
  );
  const steps = fc.array(
    fc.oneof(
      commands.map(
        (command) => (editing: Editing) =>
          command === 'up' || command === 'down'
            ? (moveLine(editing, command) ?? editing)
            : edit(editing, command),
      ),
      pieces.map((piece) => (editing: Editing) => typeText(editing, piece)),
      pieces.map((piece) => (editing: Editing) => pasteText(editing, piece)),
    ),
    { maxLength: 40 },
  );

  it('is well-formed with the cursor between characters, whatever is done', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let editing = emptyEditing;
        for (const step of all) {
          editing = step(editing);
          const { text, cursor } = editing.buffer;
          expect(text.isWellFormed()).toBe(true);
          expect(text).not.toMatch(/[^\P{Cc}\n\t]/u);
          const borders = [0];
          for (const grapheme of graphemesOf(text)) borders.push(borders.at(-1)! + grapheme.length);
          expect(borders).toContain(cursor);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('returns to the initial state by undo alone', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const edited = all.reduce((editing, step) => step(editing), emptyEditing);
        const undone = edited.past.reduce((editing) => edit(editing, 'undo'), edited);
        expect(undone.buffer.text).toBe('');
      }),
      { numRuns: 200 },
    );
  });
});
