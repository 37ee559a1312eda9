import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TurnEvent } from '@synapse/core/conversation';
import { createStyle } from '@synapse/terminal';
import { createAnswerView, type AnswerViewOptions } from './answer-view.ts';

const call = { id: 'c', name: 'read', input: { path: 'a.txt' } };
const result = { type: 'tool-result' as const, id: 'c', name: 'read', output: 'x', isError: false };
const turn: TurnEvent[] = [
  { type: 'reasoning-delta', text: 'Let me ' },
  { type: 'reasoning-delta', text: 'see.' },
  { type: 'reasoning-end', replay: null },
  { type: 'text-delta', text: 'I look.' },
  { type: 'tool-call', ...call },
  { type: 'tool-approval', call: { type: 'tool-call', ...call } },
  { type: 'tool-start', call: { type: 'tool-call', ...call } },
  { type: 'tool-end', call: { type: 'tool-call', ...call }, result, durationMs: 5 },
  { type: 'text-delta', text: 'It says x.' },
];

describe('createAnswerView', () => {
  let told: string[];
  let aside: string[];
  let spins: string[];
  beforeEach(() => {
    told = [];
    aside = [];
    spins = [];
  });

  async function show(events: readonly TurnEvent[], more: Partial<AnswerViewOptions> = {}) {
    const style = createStyle(false);
    const view = await createAnswerView({
      stdout: { isTTY: false, write: (text: string) => told.push(text) } as never,
      ...{ isRendered: false, answerStyle: style, asideStyle: style, reasoning: 'hidden' },
      spinner: { start: (label) => void spins.push(label), stop: () => void spins.push('stop') },
      asideColumns: () => null,
      showsOutput: false,
      writeAside: (text) => void aside.push(text),
      notify: (text) => void aside.push(`say ${text}`),
      warn: (text) => void aside.push(`warn ${text}`),
      ...more,
    });
    for (const event of events) await view.event(event);
    return view;
  }

  it('prints the answer on stdout, and tool calls with their outcome on stderr', async () => {
    await (await show(turn)).end();
    expect(told.join('')).toBe('I look.\n\nIt says x.\n');
    expect(aside.join('')).toBe('✓ read a.txt 5 ms\n');
    expect(spins).toContain('read a.txt');
  });

  it('spins while a tool runs or the model thinks, and stops while a question may be asked', async () => {
    const states: string[] = [];
    const view = await show([]);
    for (const event of turn) {
      await view.event(event);
      states.push(`${event.type}: ${spins.at(-1) ?? 'still'}`);
    }
    expect(states.slice(4)).toEqual([
      'tool-call: stop',
      'tool-approval: stop',
      'tool-start: read a.txt',
      'tool-end: waiting …',
      'text-delta: stop',
    ]);
  });

  it('shows reasoning, or only how long it took, or nothing', async () => {
    await (await show(turn, { reasoning: 'shown' })).end();
    expect(aside.join('')).toMatch(/^Let me see\.\n\n✓/);
    aside = [];
    await (await show(turn, { reasoning: 'folded' })).end();
    expect(aside.join('')).toMatch(/^thought for \d+ ms\n✓/);
  });

  it('leaves an interrupted answer as it is, and warns if an answer is not stored', async () => {
    const view = await show([
      { type: 'text-delta', text: 'so far' },
      { type: 'notice', text: 'going on' },
      { type: 'storage-failed', error: new Error('full') as never },
    ]);
    view.abort();
    expect(told.join('')).toBe('so far\n');
    expect(aside).toEqual(['say going on', 'warn THIS ANSWER IS NOT SAVED: full']);
  });
});
