import { describe, expect, it } from '@jest/globals';
import type { ApprovalQuestion } from '@synapse/core/conversation';
import { createStyle } from '@synapse/terminal';
import { askApproval, type ApprovalScreen } from './ask-approval.ts';

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

function createScreen(keys: string[], { reason = '' } = {}) {
  const pages: string[] = [];
  const shown: string[] = [];
  const stops = new AbortController();
  const size = { columns: 80, rows: 20 };
  const screen: ApprovalScreen = {
    style: createStyle(false),
    room: () => ({ ...size }),
    reader: {
      async choose({ question: describe }) {
        shown.push(describe());
        const key = keys.shift();
        if (key === 'becomes smaller') size.rows = 10;
        if (key === undefined || key === 'end') return 'end';
        return key === 'interrupt' ? key : { text: key.replace('becomes smaller', 'y') };
      },
      async read() {
        return reason === 'interrupt' ? 'interrupt' : { text: reason };
      },
    },
    async page(text: string) {
      pages.push(text);
    },
    interrupt: () => stops.abort(new Error('stopped')),
  };
  const answer = () => askApproval(question, screen, stops.signal);
  return { answer, pages, shown };
}

describe('askApproval', () => {
  it('shows the whole call in the pager, and asks again', async () => {
    const { answer, pages, shown } = createScreen(['v', 'y']);
    expect(await answer()).toBe('once');
    expect(pages[0]?.match(/echo x/g)).toHaveLength(100);
    expect(shown).toHaveLength(2);
  });

  it('asks again when a smaller screen no longer shows the call', async () => {
    const { answer, shown } = createScreen(['becomes smaller', 'y']);
    expect(await answer()).toBe('once');
    expect(shown.map((text) => text.split('\n').length - 1)).toEqual([20, 10]);
  });

  it('passes the reason of a no on', async () => {
    const { answer } = createScreen(['n'], { reason: ' use parseFloat ' });
    expect(await answer()).toEqual({ answer: 'no', reason: 'use parseFloat' });
  });

  it('stops the answer, at the question and at its reason', async () => {
    await expect(createScreen(['interrupt']).answer()).rejects.toThrow('stopped');
    const { answer } = createScreen(['n'], { reason: 'interrupt' });
    await expect(answer()).rejects.toThrow('stopped');
  });

  it('treats the end of the input as no', async () => {
    expect(await createScreen(['end']).answer()).toBe('no');
  });
});
