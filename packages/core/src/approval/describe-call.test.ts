import { describe, expect, it } from '@jest/globals';
import type { Tool } from '../ports/tool-source.ts';
import { describeCall } from './describe-call.ts';

const shell: Tool = {
  name: 'shell',
  description: '',
  inputSchema: {},
  effect: 'execute',
  subject: { argument: 'command', kind: 'command' },
};

const warningsOf = (command: string): string[] =>
  describeCall({ type: 'tool-call', id: '1', name: 'shell', input: { command } }, shell).warnings;

describe('describeCall', () => {
  it('gives every argument in full, the subject first', () => {
    const long = `echo ${'x'.repeat(20_000)}`;
    const input = { timeout: 1, nested: { a: [1, 'b'] }, command: long };
    expect(
      describeCall({ type: 'tool-call', id: '1', name: 'shell', input }, shell).details,
    ).toEqual([
      { name: 'command', text: long },
      { name: 'timeout', text: '1' },
      { name: 'nested', text: JSON.stringify({ a: [1, 'b'] }, null, 2) },
    ]);
  });

  it.each([
    ['right-to-left override', 'ls \u202e', 'U+202E'],
    ['isolate', 'ls \u2066', 'U+2066'],
    ['zero width space', 'l\u200bs', 'U+200B'],
    ['byte order mark', '\ufeffls', 'U+FEFF'],
    ['tag characters', 'ls \u{e0041}', 'U+E0041'],
    ['variation selector', 'ls\u{e0101}', 'U+E0101'],
    ['carriage return', 'rm x\rls', 'U+000D'],
    ['escape', 'ls \u001b[2K', 'U+001B'],
    ['C1 control', 'ls \u009b2K', 'U+009B'],
    ['backspace', 'ls\b\b', 'U+0008'],
    ['line separator', 'ls\u2028rm x', 'U+2028'],
    ['hangul filler', 'ls \u3164', 'U+3164'],
    ['braille blank', 'ls \u2800', 'U+2800'],
    ['lone surrogate', 'ls \ud800', 'U+D800'],
    ['no-break space', 'ls\u00a0x', 'U+00A0'],
    ['Cyrillic letter', 'cat /etc/pаsswd', 'U+0430'],
    ['Greek letter', 'cat οutput.log xοx', 'U+03BF'],
    ['many spaces', `ls${' '.repeat(10_000)}; rm x`, '10000 spaces'],
    ['many lines', `ls${'\n'.repeat(100)}rm x`, '100 line breaks'],
  ])('warns of what the eye would miss: %s', (_name, command, expected) => {
    expect(warningsOf(command).join('\n')).toContain(expected);
  });

  it.each(['git log --oneline', 'echo "привіт світ"', 'echo 日本語 café', 'a\n\tb', 'ls  -la'])(
    'has nothing to say of %j',
    (command) => {
      expect(warningsOf(command)).toEqual([]);
    },
  );
});
