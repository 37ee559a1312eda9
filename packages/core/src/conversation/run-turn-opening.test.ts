import { expect, it } from '@jest/globals';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { scriptedContext } from '@synapse/test/fakes/scripted-context';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { modelRequest } from '@synapse/test/support/model-request';
import { aMessage, aSession } from '@synapse/test/support/samples';
import type { NewMessage } from '../session/message.ts';
import type { Part } from '../session/part.ts';
import { newId } from '../session/id.ts';
import { silentLogger } from '../silent-logger.ts';
import { runTurn } from './run-turn.ts';
import type { TurnEvent } from './turn-options.ts';

const call: Part = { type: 'tool-call', id: 'c1', name: 'read', input: {} };
const result: Part = { type: 'tool-result', id: 'c1', name: 'read', output: '42', isError: false };

async function run(opening: NewMessage[], answerId = newId()) {
  const store = createMemoryStore();
  const { id } = await store.sessions.create(aSession());
  const events: TurnEvent[] = [];
  const turn = runTurn({
    ...{ sessions: store.sessions, sessionId: id, lease: null, parts: [], opening, answerId },
    ...{ provider: new ScriptedProvider([text('Done.'), turnEnd]), model: 'm' },
    context: scriptedContext(async () => modelRequest()),
    prices: { costOf: () => null },
    ...{ clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal },
  });
  for await (const event of turn) events.push(event);
  return { events, messages: await store.sessions.messages(id, { limit: 10 }) };
}

it('begins a turn with messages that another program made, and reports each as stored', async () => {
  const opening = [
    aMessage('What is it?'),
    aMessage('', { role: 'assistant', parts: [call] }),
    aMessage('', { role: 'tool', parts: [result] }),
  ];
  const answerId = newId();
  const { events, messages } = await run(opening, answerId);
  expect(messages.map(({ id }) => id)).toEqual([...opening.map(({ id }) => id), answerId]);
  expect(new Set(messages.map(({ turn }) => turn)).size).toBe(1);
  const stored = events.filter((event) => event.type === 'message-stored');
  expect(stored.map(({ message }) => message.role)).toEqual(['user', 'assistant', 'tool']);
});

it('refuses a message of an opening that is too large, and stores nothing', async () => {
  const huge = aMessage('x'.repeat(16 * 1024 * 1024 + 1));
  await expect(run([aMessage('small'), huge])).rejects.toThrow('larger than 16 MiB');
});
