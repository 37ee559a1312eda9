import { describe, expect, it } from '@jest/globals';
import type { ApprovalQuestion } from '@synapse/core/conversation';
import { createStyle } from '@synapse/terminal';
import { askApproval } from './ask-approval.ts';

const question: ApprovalQuestion = {
  tool: 'shell',
  effect: 'execute',
  details: [{ name: 'command', text: 'echo x\n'.repeat(100) }],
  warnings: [],
  reason: 'It has to be asked.',
  isInsisted: false,
  rules: [],
  askRule: null,
};

function createScreen(lines: (string | null)[]) {
  const pages: string[] = [];
  const shown: string[] = [];
  const size = { columns: 80, rows: 20 };
  const screen = {
    style: createStyle(false),
    room: () => ({ ...size }),
    async ask(_prompt: string, describe: () => string) {
      shown.push(describe());
      const line = lines.shift();
      if (line === 'becomes smaller') size.rows = 10;
      return line?.replace('becomes smaller', 'y') ?? null;
    },
    async page(text: string) {
      pages.push(text);
    },
  };
  const answer = () => askApproval(question, screen, new AbortController().signal);
  return { answer, pages, shown };
}

describe('askApproval', () => {
  it('ignores an empty line, and asks again', async () => {
    const { answer, shown } = createScreen(['', '  ', 'y']);
    expect(await answer()).toBe('once');
    expect(shown).toHaveLength(3);
  });

  it('shows the whole call in the pager, and asks again', async () => {
    const { answer, pages, shown } = createScreen(['v', 'n']);
    expect(await answer()).toBe('no');
    expect(pages[0]?.match(/echo x/g)).toHaveLength(100);
    expect(shown).toHaveLength(2);
  });

  it('asks again when a smaller screen no longer shows the call', async () => {
    const { answer, shown } = createScreen(['becomes smaller', 'n']);
    expect(await answer()).toBe('no');
    expect(shown.map((text) => text.split('\n').length - 1)).toEqual([20, 10]);
  });

  it('treats the end of the input as no', async () => {
    expect(await createScreen([null]).answer()).toBe('no');
  });
});
