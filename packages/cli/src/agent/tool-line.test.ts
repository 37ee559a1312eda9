import { describe, expect, it } from '@jest/globals';
import { createStyle } from '@synapse/terminal';
import { toolEndLines } from './tool-line.ts';

interface Case {
  name?: string;
  output: string;
  isError?: boolean;
  durationMs?: number | null;
  rejection?: string;
  columns?: number | null;
  showsOutput?: boolean;
}

async function show({ name = 'shell', output, isError = false, durationMs = 52, ...more }: Case) {
  const { rejection, columns = 40, showsOutput = true } = more;
  const call = { type: 'tool-call' as const, id: '1', name, input: { command: 'npm test' } };
  const result = { type: 'tool-result' as const, id: '1', name, output, isError };
  const event = { type: 'tool-end' as const, call, result, durationMs };
  const text = await toolEndLines(
    { ...event, ...(rejection !== undefined && { rejection }) },
    { style: createStyle(false), columns, showsOutput },
  );
  return text.split('\n');
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_line, index) => `line ${index + 1}`).join('\n');

describe('toolEndLines', () => {
  it('shows the last two lines of a command that succeeded, and counts the others', async () => {
    expect(await show({ output: numbered(200) })).toEqual([
      '✓ shell npm test 52 ms',
      '  │ … 198 lines before: /output shows',
      '  │ all',
      '  │ line 199',
      '  │ line 200',
    ]);
    expect(await show({ output: 'one\n' })).toEqual(['✓ shell npm test 52 ms', '  │ one']);
  });

  it('shows the exit code of a command that failed, and the last twelve lines', async () => {
    const lines = await show({ output: `${numbered(20)}\n[Exit code 3.]`, isError: true });
    expect(lines[0]).toBe('✗ shell npm test exit code 3 · 52 ms');
    expect(lines.slice(-2)).toEqual(['  │ line 19', '  │ line 20']);
    expect(lines.filter((line) => line.startsWith('  │ line'))).toHaveLength(12);
  });

  it('takes only the last lines in brackets for remarks', async () => {
    const lines = await show({ output: '[a.]\n'.repeat(9), columns: 80 });
    expect(lines).toEqual([
      '✓ shell npm test a · a · a · a · 52 ms',
      '  │ … 3 lines before: /output shows all',
      '  │ [a.]',
      '  │ [a.]',
    ]);
  });

  it('says that a command printed nothing', async () => {
    expect(await show({ output: '[No output.]' })).toEqual(['✓ shell npm test no output · 52 ms']);
    expect(await show({ output: '[Exit code 1.]', isError: true })).toEqual([
      '✗ shell npm test exit code 1 · no',
      '  output · 52 ms',
    ]);
  });

  it('shows the last state of a line that was written again, and no control character', async () => {
    expect((await show({ output: '10 %\r20 %\r\n\u001b[2Jdone' })).slice(1)).toEqual([
      '  │ 20 %',
      '  │ done',
    ]);
  });

  it('shows the beginning of an endless line', async () => {
    const lines = await show({ output: 'x'.repeat(5000) });
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)).toBe('  │ …');
  });

  it('shows an error of another tool whole, and nothing of what succeeded', async () => {
    expect(await show({ name: 'read', output: 'The file is missing.', isError: true })).toEqual([
      '✗ read npm test 52 ms',
      '  │ The file is missing.',
    ]);
    expect(await show({ name: 'read', output: 'content' })).toEqual(['✓ read npm test 52 ms']);
  });

  it('shows the change that an edit made, and folds a long one', async () => {
    const patch = (count: number) =>
      [
        ...['--- a.js', '+++ a.js', `@@ -1,2 +1,${count + 1} @@`, ' first', '-second'],
        ...Array.from({ length: count }, (_line, index) => `+new ${index}`),
      ].join('\n');
    expect(await show({ name: 'edit', output: patch(2) })).toEqual([
      '✓ edit npm test +2 −1 · 52 ms',
      '  1   first',
      '  2 − second',
      '  2 + new 0',
      '  3 + new 1',
    ]);
    const long = await show({ name: 'edit', output: patch(100) });
    expect(long).toHaveLength(42);
    expect(long.at(-1)).toBe('  … 62 more rows: /output shows all');
  });

  it('breaks lines between words', async () => {
    const output = 'The user rejected the call: use the other function';
    const rejection = 'use the other function';
    expect(await show({ output, isError: true, durationMs: null, rejection })).toEqual([
      '✗ shell npm test You rejected this',
      '  call: use the other function',
    ]);
    expect(
      await show({ output: 'It is not permitted here.', isError: true, durationMs: null }),
    ).toEqual(['✗ shell npm test not run: It is not', '  permitted here.']);
  });

  it('takes one line for a program', async () => {
    const pipe = { columns: null, showsOutput: false };
    expect(await show({ output: numbered(200), ...pipe })).toEqual(['✓ shell npm test 52 ms']);
    const [line, ...others] = await show({
      output: `${numbered(90)}\n[Exit code 3.]`,
      isError: true,
      ...pipe,
    });
    expect(line).toMatch(/^✗ shell npm test 52 ms line 1 line 2 .*…$/);
    expect(others).toEqual([]);
  });
});
