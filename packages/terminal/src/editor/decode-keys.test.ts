import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createKeyDecoder } from './decode-keys.ts';
import type { KeyEvent } from './key-event.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

function decode(text: string, { isTimedOut = false } = {}): KeyEvent[] {
  const decoder = createKeyDecoder();
  const events = decoder.push(bytesOf(text));
  return isTimedOut ? [...events, ...decoder.flush()] : events;
}

function joinText(events: readonly KeyEvent[]): KeyEvent[] {
  const joined: KeyEvent[] = [];
  for (const event of events) {
    const last = joined.at(-1);
    if (event.type === 'text' && last?.type === 'text') {
      joined[joined.length - 1] = { type: 'text', text: last.text + event.text };
    } else joined.push(event);
  }
  return joined;
}

const key = (name: string): KeyEvent => ({ type: 'key', key: name });
const text = (value: string): KeyEvent => ({ type: 'text', text: value });

describe('decode-keys', () => {
  it.each([
    ['\r', 'enter'],
    ['\n', 'ctrl-j'],
    ['\t', 'tab'],
    ['\u007f', 'backspace'],
    ['\b', 'backspace'],
    ['\u0000', 'ctrl-space'],
    ['\u0001', 'ctrl-a'],
    ['\u001f', 'ctrl-_'],
    ['\u001b[A', 'up'],
    ['\u001bOB', 'down'],
    ['\u001b[1;5C', 'ctrl-right'],
    ['\u001b[1;3D', 'alt-left'],
    ['\u001b[1;8D', 'ctrl-alt-shift-left'],
    ['\u001b[1;69D', 'ctrl-left'],
    ['\u001bOc', 'ctrl-right'],
    ['\u001b\u001b[D', 'alt-left'],
    ['\u001b[H', 'home'],
    ['\u001bOF', 'end'],
    ['\u001b[1~', 'home'],
    ['\u001b[8~', 'end'],
    ['\u001b[3~', 'delete'],
    ['\u001b[3;5~', 'ctrl-delete'],
    ['\u001b[5~', 'page-up'],
    ['\u001b[6~', 'page-down'],
    ['\u001b[Z', 'shift-tab'],
    ['\u001bb', 'alt-b'],
    ['\u001bB', 'alt-shift-b'],
    ['\u001b\r', 'alt-enter'],
    ['\u001b\u007f', 'alt-backspace'],
    ['\u001b[13;2u', 'shift-enter'],
    ['\u001b[27;2;13~', 'shift-enter'],
    ['\u001b[13;5u', 'ctrl-enter'],
    ['\u001b[27u', 'escape'],
    ['\u001b[99;5u', 'ctrl-c'],
    ['\u001b[97;5:1u', 'ctrl-a'],
    ['\u001b[27;5;46~', 'ctrl-.'],
    ['\u001b[57414u', 'enter'],
    ['\u001bOM', 'enter'],
  ])('reads %j as %s', (input, name) => {
    expect(decode(input)).toEqual([key(name)]);
  });

  it('keeps text in the words of the person, whatever the script', () => {
    expect(decode('a日é👩‍👩‍👧‍👦')).toEqual([text('a日é👩‍👩‍👧‍👦')]);
    expect(decode('\u001b[228;1u\u001b[65;2u')).toEqual([text('äA')]);
  });

  it('gives a paste as one event, Enter and escape sequences in it included', () => {
    expect(decode('a\u001b[200~one\r\ntwo\u001b[A\u0003\u001b[201~b')).toEqual([
      text('a'),
      { type: 'paste', text: 'one\r\ntwo\u001b[A\u0003' },
      text('b'),
    ]);
  });

  it('finds the end of a paste wherever it is cut', () => {
    const bytes = bytesOf('\u001b[200~a\u001b[20~b\u001b[201~c');
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const decoder = createKeyDecoder();
      const events = [
        ...decoder.push(bytes.subarray(0, cut)),
        ...decoder.push(bytes.subarray(cut)),
      ];
      expect(events).toEqual([{ type: 'paste', text: 'a\u001b[20~b' }, text('c')]);
    }
  });

  it('takes a paste of megabytes in small chunks', () => {
    const decoder = createKeyDecoder();
    const pasted = 'x\n'.repeat(1_000_000);
    const bytes = bytesOf(`\u001b[200~${pasted}\u001b[201~`);
    const events: KeyEvent[] = [];
    for (let index = 0; index < bytes.length; index += 1024) {
      events.push(...decoder.push(bytes.subarray(index, index + 1024)));
    }
    expect(events.length).toBe(1);
    expect(events[0]?.type === 'paste' && events[0].text === pasted).toBe(true);
  });

  it.each([
    ['focus', '\u001b[I\u001b[O'],
    ['a device answer', '\u001b[?62;22c\u001b[>0;276;0c'],
    ['a mode answer', '\u001b[?2026;2$y'],
    ['a colour answer', '\u001b]11;rgb:1e1e/1e1e/1e1e\u0007\u001b]10;rgb:ffff/ffff/ffff\u001b\\'],
    ['a version answer', '\u001bP>|xterm(390)\u001b\\'],
    ['a clipboard answer', '\u001b]52;c;cm0gLXJmIC8K\u0007'],
    ['a graphics answer', '\u001b_Gi=31;OK\u001b\\'],
    ['function keys', '\u001bOP\u001b[15~\u001b[[A\u001b[1;2Q\u001b[57370u'],
    ['the mouse', '\u001b[<0;12;7M\u001b[<0;12;7m\u001b[M !!'],
    ['a key that is let go', '\u001b[97;1:3u'],
    ['a key with the command key', '\u001b[99;9u'],
    ['the end of a paste that never began', '\u001b[201~'],
    ['an endless sequence', `\u001b[${'1;'.repeat(5000)}A`],
    ['controls of eight bits', '\u009b5n\u009d0;title\u009c'],
  ])('swallows %s whole', (_name, input) => {
    expect(decode(`a${input}b`)).toEqual([text('ab')]);
  });

  it('gives the answer to a question for the cursor', () => {
    expect(decode('\u001b[12;40R')).toEqual([{ type: 'cursor-position', row: 11, column: 39 }]);
  });

  it('lets Ctrl-C out of anything that was begun, except a paste', () => {
    for (const begun of ['\u001b[1;', '\u001b]0;title', '\u001bO', '\u001bPq']) {
      expect(decode(`${begun}\u0003x`)).toEqual([key('ctrl-c'), text('x')]);
    }
  });

  it.each([
    ['\u001b', [key('escape')]],
    ['\u001b\u001b', [key('escape'), key('escape')]],
    ['\u001b[', [key('alt-[')]],
    ['\u001bO', [key('alt-shift-o')]],
    ['\u001b]', [key('alt-]')]],
    ['\u001b[200~half', [{ type: 'paste', text: 'half' } as const]],
    ['\u001b[1;5', []],
  ])('takes %j for what it is once time has passed', (input, events) => {
    expect(decode(input, { isTimedOut: true })).toEqual(events);
  });

  it('says what it waits for', () => {
    const decoder = createKeyDecoder();
    expect(decoder.pending).toBe('none');
    decoder.push(bytesOf('\u001b'));
    expect(decoder.pending).toBe('sequence');
    decoder.push(bytesOf('[200~'));
    expect(decoder.pending).toBe('paste');
  });

  const input = fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 5 }) },
        fc.constantFrom(
          ...['\u001b', '\u001b[', '\u001bO', '\u001b]', '\u001bP', '[', '~', '1', ';', '5', 'A'],
          ...['\u001b[200~', '\u001b[201~', '\u001b[13;2u', '\u001b\\', '\u0007', '\r', '\u0003'],
          ...['\u001b[27;2;13~', '\u001b[M', '\u001b[[', '\u009b', '👩‍👩‍👧‍👦', 'é'],
        ),
      ),
      { maxLength: 20 },
    )
    .map((parts) => bytesOf(parts.join('')));

  it('gives equal events however the bytes are cut', () => {
    const broken = fc.uint8Array({ maxLength: 12 });
    fc.assert(
      fc.property(
        fc.oneof({ weight: 4, arbitrary: input }, broken),
        fc.array(fc.nat(4), { minLength: 1 }),
        (bytes, cuts) => {
          const whole = createKeyDecoder();
          const cut = createKeyDecoder();
          const pieces: KeyEvent[] = [];
          for (let index = 0, turn = 0; index < bytes.length; turn += 1) {
            const end = index + 1 + (cuts[turn % cuts.length] ?? 0);
            pieces.push(...cut.push(bytes.subarray(index, end)));
            index = end;
          }
          expect(joinText(pieces)).toEqual(joinText(whole.push(bytes)));
          expect(cut.pending).toBe(whole.pending);
          expect(cut.flush()).toEqual(whole.flush());
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never gives a control character as text', () => {
    fc.assert(
      fc.property(input, (bytes) => {
        const decoder = createKeyDecoder();
        for (const event of [...decoder.push(bytes), ...decoder.flush()]) {
          if (event.type === 'text') expect(event.text).not.toMatch(/\p{Cc}/u);
        }
      }),
      { numRuns: 300 },
    );
  });
});
