import { describe, expect, it } from '@jest/globals';
import { shellTool } from '@synapse/test/fakes/fake-tools';
import type { Tool } from '../ports/tool-source.ts';
import { describeCall } from './describe-call.ts';

const warningsOf = (command: string): string[] =>
  describeCall({ type: 'tool-call', id: '1', name: 'shell', input: { command } }, shellTool)
    .warnings;

describe('describeCall', () => {
  it('returns every argument in full, the subject first', () => {
    const long = `echo ${'x'.repeat(20_000)}`;
    const input = { timeout: 1, nested: { a: [1, 'b'] }, command: long };
    expect(
      describeCall({ type: 'tool-call', id: '1', name: 'shell', input }, shellTool).details,
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
    ['combining grapheme joiner', 'l\u034fs', 'U+034F'],
    ['wide letter', 'ｃurl x', 'U+FF43'],
    ['division slash', 'cat /etc\u2215passwd', 'U+2215'],
    ['one dot leader', 'cat a\u2024b', 'U+2024'],
    ['mathematical letter', '\u{1d5cb}\u{1d5c6} x', 'U+1D5CB'],
    ['many spaces', `ls${' '.repeat(10_000)}; rm x`, '10000 spaces'],
    ['many lines', `ls${'\n'.repeat(100)}rm x`, '100 line breaks'],
    ['more lines than fit a screen', 'echo x\n'.repeat(10_000), '10001 lines'],
    ['more text than fits a screen', `echo ${'x'.repeat(20_000)}; rm x`, '20011 characters'],
    ['very many runs of spaces', `${' '.repeat(40)}x`.repeat(200_000), '40 spaces'],
  ])('warns of text that is easy to overlook: %s', (_name, command, expected) => {
    expect(warningsOf(command).join('\n')).toContain(expected);
  });

  const fetch: Tool = { ...shellTool, name: 'fetch', subject: { argument: 'url', kind: 'url' } };
  const warningsOfAddress = (url: string): string[] =>
    describeCall({ type: 'tool-call', id: '1', name: 'fetch', input: { url } }, fetch).warnings;

  it.each([
    ['https://аррӏе.com/', 'xn--80ak6aa92e.com'],
    ['https://www.xn--80ak6aa92e.com/', 'www.xn--80ak6aa92e.com'],
    ['https://good.com@evil.com/', 'evil.com'],
    ['https:\\\\evil.com\\good.com', 'evil.com'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['https://good.com\u3002evil.com/', 'good.com.evil.com'],
  ])('names the host that %s leads to', (url, host) => {
    expect(warningsOfAddress(url)).toContain(`"url" leads to the host ${host}.`);
  });

  it('has no warning for a plain address', () => {
    expect(warningsOfAddress('https://example.com:8443/a?b=c@d#e')).toEqual([]);
  });

  it.each(['git log --oneline', 'echo "привіт світ"', 'echo 日本語 café', 'a\n\tb', 'ls  -la'])(
    'has no warning for %j',
    (command) => {
      expect(warningsOf(command)).toEqual([]);
    },
  );
});
