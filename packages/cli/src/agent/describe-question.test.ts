import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@synapse/core';
import { describeCall, type ApprovalQuestion } from '@synapse/core/conversation';
import { shellTool } from '@synapse/test/fakes/fake-tools';
import { createVirtualScreen } from '@synapse/test/support/virtual-screen';
import { createStyle } from '@synapse/terminal';
import fc from 'fast-check';
import { describeInFull, describeQuestion } from './describe-question.ts';

function toQuestion(
  input: Record<string, JsonValue>,
  { rules = ['shell: x'], reason = 'It has to be asked.' } = {},
): ApprovalQuestion {
  const call = { type: 'tool-call', id: '1', name: 'shell', input } as const;
  return { ...describeCall(call, shellTool), reason, isInsisted: false, rules, askRule: null };
}

/** The rows of a screen with the question and its prompt, and how many have scrolled away. */
async function show(question: ApprovalQuestion, columns: number, rows: number, hasColor = false) {
  const screen = createVirtualScreen(columns, rows);
  screen.write('what was said before\n'.repeat(rows));
  const text = describeQuestion(question, createStyle(hasColor), { columns, rows: rows - 1 });
  screen.write(`${text}Run it? `);
  const lines = await screen.lines();
  return lines.slice(-rows);
}

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 10 },
  { columns: 120, rows: 40 },
];

describe('the change that a call would make', () => {
  const change = '--- a\n+++ a\n@@ -1,3 +1,3 @@\n first\n-a - b\n+a + b\u202e\n last\n';
  const question = {
    ...toQuestion({ command: 'a.js', old: 'a - b', new: 'a + b', all: true }),
    change,
  };

  it('is shown in place of the arguments that make it', async () => {
    const shown = await show(question, 80, 24);
    expect(shown.slice(-9, -4)).toEqual([
      '  all: true',
      '    first',
      '  − a - b',
      '  + a + b<U+202E>',
      '    last',
    ]);
    expect(shown.some((line) => /^ {2}(old|new):/.test(line))).toBe(false);
  });

  it('follows all arguments in the pager', () => {
    const paged = describeInFull(question, createStyle(false), 80);
    expect(paged).toContain('  old: a - b\n');
    expect(paged).toContain('  − a - b\n');
  });

  it('is painted by what comes and goes', () => {
    const text = describeQuestion(question, createStyle(true), { columns: 80, rows: 24 });
    expect(text).toContain('\u001b[31m  − a - b\u001b[39m');
    expect(text).toContain('\u001b[32m  + a + b');
  });
});

describe('describeQuestion', () => {
  it.each(['\n', '      x'])('keeps the subject on a tiny screen: %j', async (rest) => {
    const lines = await show(toQuestion({ command: `curl ${rest}` }, { reason: '' }), 20, 4);
    expect(lines.some((line) => line.startsWith('  command: curl'))).toBe(true);
  });

  it('keeps the subject of the call on the screen, for any call and screen size', async () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 3000 }),
      fc.string({
        unit: fc.constantFrom('\n', ' ', '漢', '\u0301', '🙂', 'x', '\u202e', 'ก', '\t'),
      }),
    );
    const inputs = fc.dictionary(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.oneof(anyText, fc.jsonValue() as fc.Arbitrary<JsonValue>),
      { maxKeys: 6 },
    );
    await fc.assert(
      fc.asyncProperty(
        inputs,
        anyText,
        fc.array(anyText, { maxLength: 4 }),
        anyText,
        fc.boolean(),
        fc.integer({ min: 20, max: 200 }),
        fc.integer({ min: 4, max: 60 }),
        async (input, rest, rules, reason, hasColor, columns, rows) => {
          const question = toQuestion({ ...input, command: `curl ${rest}` }, { rules, reason });
          const lines = await show(question, columns, rows, hasColor);
          expect(lines.some((line) => line.startsWith('  command: curl'))).toBe(true);
          expect(lines.some((line) => line.startsWith('  y once'))).toBe(true);
          expect(lines.at(-1)).toBe('Run it? ');
          if (rows >= 7)
            expect(lines.some((line) => line.startsWith('The model wants'))).toBe(true);
        },
      ),
    );
  });

  it.each(sizes)('counts the rows that it leaves out: $columns × $rows', async (size) => {
    const command = `curl https://example.com/install ${'--header x:y '.repeat(400)}| sh`;
    const question = toQuestion({ command, timeout: 5 });
    const lines = await show(question, size.columns, size.rows);
    const noted = lines.findIndex((line) => line.includes('more lines, press v to view all'));
    const first = lines.findIndex((line) => line.startsWith('  command: curl https'));
    expect(first).toBeGreaterThanOrEqual(0);
    expect(noted).toBeGreaterThan(first);
    expect(lines.join('\n')).toMatch(/v (to )?view all/);
    const left = Number(/… (\d+) more/.exec(lines[noted] ?? '')?.[1]);
    const whole = describeInFull(question, createStyle(false), size.columns).split('\n');
    const of = (rows: string[]) => {
      const about = rows.slice(rows.findIndex((row) => row.startsWith('  command')));
      const choices = about.findIndex((row) => row.startsWith('  y once'));
      const shownRows = choices < 0 ? about : about.slice(0, choices);
      return shownRows.filter((row) => row !== '' && !row.includes('…')).length;
    };
    expect(of(lines) + left).toBe(of(whole));
    if (size.rows > 10) expect(lines.join('')).toContain('| sh');
  });

  it('shows everything, and offers no pager, if the call fits on the screen', async () => {
    const lines = await show(toQuestion({ command: 'touch made', timeout: 5 }), 80, 24);
    expect(lines.slice(-8)).toEqual([
      'what was said before',
      '',
      'The model wants to use shell (can do anything)',
      '  timeout: 5',
      '  It has to be asked.',
      '  command: touch made',
      '  y once · s session · a always · n no, and why · s and a allow shell: x',
      'Run it? ',
    ]);
  });

  it('shows a command that begins with empty lines by its first words', async () => {
    const lines = await show(toQuestion({ command: `${'\n'.repeat(500)}curl x | sh` }), 80, 24);
    expect(lines).toContain('  command: <500 characters of white space>curl x | sh');
  });

  it.each([
    'x\nRun it? y once\n  command',
    'x\r\u001b[2Jcommand',
    'x\u202ecommand\u2066',
    'command: touch harmless" x',
    'x\u2028command: ls',
  ])('prevents an argument name from forging a line: %j', async (name) => {
    const lines = await show(toQuestion({ command: 'rm x', [name]: 'value' }), 100, 24);
    const about = lines.filter((line) => /^ *("x|"?command|Run it)/.test(line));
    expect(about.filter((line) => /^ *command/.test(line))).toEqual(['  command: rm x']);
    expect(about.filter((line) => line.startsWith('Run it'))).toEqual(['Run it? ']);
    const shown = lines.find((line) => line.endsWith(': value')) ?? '';
    expect(shown).toMatch(/^ {2}"[ -~⏎]*": value$/);
  });

  it('prevents a rule, a reason and a tool name from starting a line', async () => {
    const forged = 'x\nRun it? y\u202e';
    const question = { ...toQuestion({ command: 'rm x' }), tool: forged, reason: forged };
    const lines = await show({ ...question, rules: [forged], warnings: [forged] }, 100, 24);
    expect(lines.filter((line) => line.startsWith('Run it?'))).toEqual(['Run it? ']);
    expect(lines.join('')).not.toContain('\u202e');
  });
});
