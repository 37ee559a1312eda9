import type { Part, StreamEvent } from '@synapse/core';
import { MessageCollector } from '@synapse/core/conversation';
import fc from 'fast-check';
import type { HistoryEntry } from './histories.ts';
import { anyText } from './texts.ts';

const thinking: StreamEvent[] = [
  { type: 'reasoning-delta', text: 'Let me ' },
  { type: 'reasoning-delta', text: 'see.' },
];

const ends: fc.Arbitrary<StreamEvent[]> = fc.constantFrom(
  [],
  [...thinking, { type: 'reasoning-end', replay: null }],
  [
    ...thinking,
    {
      type: 'reasoning-end',
      replay: {
        dialect: 'anthropic',
        data: { type: 'thinking', thinking: 'Let me see.', signature: 'c2ln' },
      },
    },
  ],
  [
    {
      type: 'reasoning-end',
      replay: {
        dialect: 'openai-responses',
        data: { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'ZW5j' },
      },
    },
  ],
);

/** The events of one answer: reasoning, text, calls that overlap; ids begin anew in each. */
const answer = fc
  .record({ before: ends, text: fc.array(anyText, { maxLength: 3 }), calls: fc.nat(3) })
  .map(({ before, text, calls }): StreamEvent[] => {
    const ids = Array.from({ length: calls }, (_, index) => `call_${index}`);
    return [
      ...before,
      ...text.map((piece): StreamEvent => ({ type: 'text-delta', text: piece })),
      ...ids.map((id): StreamEvent => ({ type: 'tool-call-start', id, name: 'read' })),
      ...ids.map((id): StreamEvent => ({ type: 'tool-call-delta', id, inputText: '{"path":' })),
      ...ids.map((id): StreamEvent => ({
        type: 'tool-call',
        id,
        name: 'read',
        input: { path: id },
      })),
    ];
  });

/** One round: an answer cut off anywhere, and as many results as came before the end. */
const round = fc
  .record({ events: answer, cutAt: fc.option(fc.nat(12)), results: fc.nat(4) })
  .map(({ events, cutAt, results }): HistoryEntry[] => {
    const collector = new MessageCollector();
    for (const event of events.slice(0, cutAt ?? events.length)) collector.add(event);
    const parts = collector.parts();
    const calls = parts.filter((part) => part.type === 'tool-call').slice(0, results);
    const output = calls.map(({ id, name }): Part => ({
      type: 'tool-result',
      id,
      name,
      output: '42',
      isError: false,
    }));
    const status = cutAt === null ? 'complete' : 'interrupted';
    return [
      { role: 'assistant', status, parts },
      ...(output.length > 0 ? [entry('tool', output)] : []),
    ];
  });

const turn = fc
  .record({ prompt: anyText, rounds: fc.array(round, { maxLength: 3 }) })
  .map(({ prompt, rounds }) => [entry('user', [{ type: 'text', text: prompt }]), ...rounds.flat()]);

/** What Synapse itself leaves behind when it is killed at any event of any turn. */
export const anyConversation = fc.array(turn, { maxLength: 4 }).map((turns) => turns.flat());

function entry(role: HistoryEntry['role'], parts: Part[]): HistoryEntry {
  return { role, status: 'complete', parts };
}
