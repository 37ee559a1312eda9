import { describe, expect, it } from '@jest/globals';
import { hiding, printable, terminalPayloads } from '@synapse/test/support/terminal-payloads';
import fc from 'fast-check';
import { createSafeText, toSafeText } from './safe-text.ts';

describe('toSafeText', () => {
  it.each(terminalPayloads)('leaves nothing of payload %j between two words', (payload) => {
    expect(toSafeText(`before${payload}`)).toBe('before');
    if (payload !== '\x1b[31') expect(toSafeText(`before${payload}\nafter`)).toBe('before\nafter');
  });

  it.each(['latin1', 'utf8'] as const)('knows 8-bit controls in bytes read as %s', (encoding) => {
    const bytes = Buffer.concat([Buffer.from('a'), Buffer.from('\x9b2J\x9d0;t\x9cb', 'latin1')]);
    const text = bytes.toString(encoding);
    expect(toSafeText(text)).toMatch(printable);
    expect(toSafeText(Buffer.from('a\x9b2J\x9d0;t\x9cb', 'utf8').toString())).toBe('ab');
  });

  it('shows the text of a link, not its target', () => {
    expect(toSafeText('\x1b]8;;https://evil.example\x07click\x1b]8;;\x07!')).toBe('click!');
  });

  it('ends an unterminated sequence at the end of the line', () => {
    expect(toSafeText('a\x1b]52;c;AAAA\nthe answer')).toBe('a\nthe answer');
    expect(toSafeText('a\x1b[1;\nthe answer')).toBe('a\nthe answer');
  });

  it('ends an unterminated sequence at its limit where no line ends', () => {
    expect(toSafeText(`\x1bP${'x'.repeat(10_000)}`).length).toBeGreaterThan(5000);
  });

  it('makes a line end of what would overwrite a line', () => {
    expect(toSafeText('safe\rrm -rf\r\nend\vx\fy\u0085z\u2028!')).toBe(
      'safe\nrm -rf\nend\nx\ny\nz\n!',
    );
  });

  it.each([
    '👩‍👩‍👧‍👦',
    '🏳️‍🌈',
    '❤️',
    '1️⃣',
    '👍🏽',
    '👩🏽‍🚀',
    '🇺🇦',
    'क्‍ष',
    'می‌خواهم',
    'ก็',
    'é',
    '日本語',
    '한국어',
    'привіт',
  ])('keeps %s as it is', (text) => {
    expect(toSafeText(text)).toBe(text);
  });

  it('drops joiners and selectors that shape nothing', () => {
    expect(
      toSafeText('a\u200db\u200cc\ufe0fd 1\u200d1 ❤\u200d\u200d❤ 👩\u200dx क\u200d\u200d\u200cष'),
    ).toBe('abcd 11 ❤\u200d❤ 👩x क\u200dष');
  });

  it('limits the marks on one letter', () => {
    expect(toSafeText(`z${'\u0301'.repeat(500)}o`)).toBe(`z${'\u0301'.repeat(8)}o`);
  });

  it('shows half an emoji and non-characters as damage', () => {
    expect(toSafeText('a\ud83db\ude00c\uffff')).toBe('a\ufffdb\ufffdc\ufffd');
  });
});

const dangerous = fc.oneof(
  fc.constantFrom(
    ...terminalPayloads,
    'text',
    '\r',
    '\n',
    '\u200d',
    '\ufe0f',
    '👩',
    '🌈',
    'क',
    'а',
    '\x1b',
    '\x9d',
    '\x1b]',
  ),
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('utf8')),
);
const document = fc.array(dangerous).map((pieces) => pieces.join(''));

describe('createSafeText', () => {
  it('lets only printable text, line ends and tabs through', () => {
    fc.assert(
      fc.property(document, (text) => {
        const safe = toSafeText(text);
        expect(safe).toMatch(printable);
        expect(safe).not.toMatch(hiding);
        expect(safe.isWellFormed()).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same wherever the text is cut', () => {
    fc.assert(
      fc.property(document, fc.array(fc.nat(7), { minLength: 1 }), (text, sizes) => {
        const safe = createSafeText();
        let output = '';
        for (let index = 0, turn = 0; index < text.length; turn += 1) {
          const size = (sizes[turn % sizes.length] ?? 0) + 1;
          output += safe.push(text.slice(index, index + size));
          index += size;
        }
        expect(output + safe.flush()).toBe(toSafeText(text));
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing that it has made', () => {
    fc.assert(
      fc.property(document, (text) => {
        expect(toSafeText(toSafeText(text))).toBe(toSafeText(text));
      }),
      { numRuns: 300 },
    );
  });
});
