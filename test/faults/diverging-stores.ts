import { isDeepStrictEqual } from 'node:util';
import { newId, type Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { at, aSession, aMessage } from '../support/samples.ts';
import { randomFrom, scaled, type Fault } from './fault.ts';

type Random = () => number;
type Answer = { value: unknown } | { refusal: string };
type Step = (store: Store) => Promise<unknown>;

const STEPS_EACH = 60;

/** E8: whatever is done, the database answers as the plain model in memory does. */
export const divergingStores: Fault = {
  id: 'E8',
  what: 'the same random calls on the memory store and on SQLite, with the same answers',
  run: async (tier, seed) => {
    const random = randomFrom(seed);
    const figures = { rounds: scaled(tier, 15, 500, 5000), steps: 0, refused: 0, divergence: 0 };
    for (let round = 0; round < figures.rounds; round++) {
      const stores = [createMemoryStore(), await openSqliteStore({ path: ':memory:' })] as const;
      const ids = [newId(), newId(), newId()];
      const messageIds = Array.from({ length: 6 }, () => newId());
      for (let step = 0; step < STEPS_EACH; step++) {
        const take = chooseStep(random, ids, messageIds, step);
        const [expected, found] = [
          await answerOf(take, stores[0]),
          await answerOf(take, stores[1]),
        ];
        figures.steps += 1;
        if ('refusal' in expected) figures.refused += 1;
        if (!isDeepStrictEqual(expected, found)) figures.divergence += 1;
      }
      for (const store of stores) await store.close();
    }
    return figures;
  },
  holds: ({ steps, refused, divergence }) => divergence === 0 && refused! > 0 && refused! < steps!,
};

function chooseStep(random: Random, ids: string[], messageIds: string[], step: number): Step {
  const pick = <T>(items: readonly T[]) => items[Math.floor(random() * items.length)]!;
  const id = pick(ids);
  const role = pick(['user', 'assistant'] as const);
  const status = pick(['complete', 'running'] as const);
  const message = aMessage(pick(['', 'Fox', 'häßlich 😀', 'x'.repeat(300)]), {
    id: random() < 0.4 ? pick(messageIds) : newId(),
    createdAt: at(step),
    ...{ role, status },
  });
  const messages =
    random() < 0.2 ? [message, aMessage('second', { createdAt: at(step) })] : [message];
  const handle = pick([null, 'one', 'two']);
  const text = pick(['fox', 'x', 'ß']);
  const steps: Step[] = [
    ({ sessions }) => sessions.create(aSession({ id, handle, createdAt: at(step) })),
    ({ sessions }) => sessions.append(id, messages, null),
    ({ sessions }) => sessions.append(id, messages, null),
    ({ sessions }) => sessions.append(id, messages, null),
    ({ sessions }) => sessions.undoTurn(id, null),
    ({ sessions }) => sessions.update(id, { title: 'Fox', handle }),
    ({ sessions }) => sessions.trash(id, at(step)),
    ({ sessions }) => sessions.restore(id, at(step)),
    ({ sessions }) => sessions.list({ limit: 2, text }),
    ({ sessions }) => sessions.get(id),
    ({ sessions }) => sessions.messages(id, { limit: 3 }),
    ...(random() < 0.1 ? [(({ sessions }) => sessions.clear(id, null)) satisfies Step] : []),
    ...(random() < 0.1 ? [(({ sessions }) => sessions.purge([id])) satisfies Step] : []),
  ];
  return pick(steps);
}

async function answerOf(step: Step, store: Store): Promise<Answer> {
  try {
    return { value: toPlain(await step(store)) };
  } catch (error) {
    return { refusal: String((error as { code?: unknown }).code) };
  }
}

/** As it would be written down: whichever way the store has made it. */
function toPlain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
