import { statSync } from 'node:fs';
import { SynapseError } from '@synapse/core';
import { allSessions, exportSessions, importSessions, jsonFormat } from '@synapse/portability';
import { createMemoryStore } from '@synapse/storage-memory';
import { processorMs } from '../support/growth.ts';
import { aConversation } from '../support/samples.ts';
import { randomFrom, scaled, type Fault } from './fault.ts';

const LONGEST_MS = 5000;
/** What a file may be broken with: marks of JSON, names that mean something, too much of a thing. */
const pieces = [
  ...['{', '}', '[', ']', ',', ':', '"', '\\', '\\u0000', '\\ud800', 'null', 'true', '-', '1e999'],
  ...[
    '"__proto__":',
    '"constructor":',
    '"v":1,',
    '"../../etc/passwd"',
    '"sessions":[',
    '\0',
    '\r\n',
  ],
  ...[
    '{"length":1000000000}',
    '['.repeat(2000),
    '"a":'.repeat(500),
    '['.repeat(1_000_000),
    '\ufeff',
    '9'.repeat(400),
  ],
];

/** E6: an export that was changed anywhere. */
export const fuzzedImports: Fault = {
  id: 'E6',
  what: 'an export that was changed anywhere is imported whole or not at all',
  async run(tier, seed) {
    const random = randomFrom(seed);
    const sample = await sampleExport();
    const figures = {
      ...{ files: 0, refused: 0, crash: 0, hang: 0, partial_import: 0, polluted: 0 },
      wrote_outside: 0,
    };
    const before = whatIsAround();
    for (let file = 0; file < scaled(tier, 10_000, 1_000_000, 10_000_000); file++) {
      const started = processorMs();
      const outcome = await attempt(mutate(sample, random));
      figures.files += 1;
      figures.refused += outcome.isRefused ? 1 : 0;
      figures.crash += outcome.hasCrashed ? 1 : 0;
      figures.hang += processorMs() - started > LONGEST_MS ? 1 : 0;
      figures.partial_import += outcome.isRefused && outcome.storedCount > 0 ? 1 : 0;
      figures.polluted += Object.keys(Object.prototype).length;
    }
    figures.wrote_outside = whatIsAround() === before ? 0 : 1;
    return figures;
  },
  holds: ({ refused, crash, hang, partial_import, polluted, wrote_outside }) =>
    refused! > 0 &&
    [crash, hang, partial_import, polluted, wrote_outside].every((count) => count === 0),
};

/** What is where the names in the pieces lead to, from here and from the root. */
function whatIsAround(): string {
  const names = ['../../etc/passwd', '__proto__', 'constructor', 'v', 'sessions', '/etc/passwd'];
  return names.map((name) => statSync(name, { throwIfNoEntry: false })?.mtimeMs).join();
}

async function sampleExport(): Promise<string> {
  const store = createMemoryStore();
  await aConversation(store, ['Hello', 'Hi!', 'Bye', 'See you.'], { tags: ['a'] });
  await aConversation(store, ['One more']);
  let text = '';
  const all = exportSessions(store, allSessions(store.transfer), { format: jsonFormat });
  for await (const piece of all) text += piece;
  return text;
}

export function mutate(sample: string, random: () => number): Buffer {
  const below = (limit: number) => Math.floor(random() * limit);
  let text = sample;
  for (let change = below(4); change >= 0; change--) {
    const at = below(text.length);
    const length = random() < 0.5 ? 0 : below(40);
    const isMoved = random() < 0.2;
    const from = below(text.length);
    const piece = isMoved ? text.slice(from, from + below(200)) : pieces[below(pieces.length)]!;
    text = text.slice(0, at) + piece + text.slice(at + length);
  }
  const bytes = Buffer.from(text);
  if (random() < 0.2) bytes[below(bytes.length)] = below(256);
  return random() < 0.1 ? bytes.subarray(0, below(bytes.length)) : bytes;
}

async function attempt(bytes: Buffer) {
  const store = createMemoryStore();
  let [isRefused, hasCrashed] = [false, false];
  try {
    await importSessions(store, async function* () {
      yield bytes;
    });
  } catch (error) {
    isRefused = true;
    hasCrashed = !(error instanceof SynapseError) || error.code !== 'SYNAPSE_INVALID_DATA';
  }
  const { items } = await store.sessions.list({ limit: 500, archived: 'any', trashed: 'any' });
  return { isRefused, hasCrashed, storedCount: items.length };
}
