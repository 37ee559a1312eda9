import {
  detectHistory,
  digestSession,
  importHistory,
  messagePages,
  type HistoryFile,
} from '@synapse/portability';
import { createMemoryStore } from '@synapse/storage-memory';
import type { Store } from '@synapse/core';
import fc from 'fast-check';
import { writers } from '../contracts/history-format/index.ts';
import { anyHistory, type HistoryWriter } from '../contracts/history-format/written-history.ts';
import { processorMs } from '../support/growth.ts';
import { randomFrom, scaled, type Fault } from './fault.ts';
import { mutate } from './fuzzed-imports.ts';

const LONGEST_MS = 5000;
const HISTORIES_PER_WRITER = 20;

/** E11: a history of another tool that was changed anywhere. */
export const fuzzedHistories: Fault = {
  id: 'E11',
  what: 'a history that was changed anywhere is imported with a receipt, and again without a change',
  async run(tier, seed) {
    const random = randomFrom(seed);
    const figures = {
      ...{ files: 0, unknown: 0, damaged: 0, crash: 0, hang: 0, changed_again: 0, polluted: 0 },
    };
    const perWriter = scaled(tier, 20, 500, 5000);
    for (const writer of writers) {
      const samples = await samplesOf(writer, seed);
      for (let file = 0; file < perWriter; file++) {
        const started = processorMs();
        const sample = samples[Math.floor(random() * samples.length)]!;
        // A database is bytes, and each of them one character here.
        const changed = mutate(sample.text, random);
        const bytes = sample.isText ? changed : Buffer.from(changed.toString('utf8'), 'latin1');
        const outcome = await attempt(fileOf(writer.path, bytes));
        figures.files += 1;
        if (outcome !== 'whole') figures[outcome] += 1;
        figures.hang += processorMs() - started > LONGEST_MS ? 1 : 0;
        figures.polluted += Object.keys(Object.prototype).length;
      }
    }
    return figures;
  },
  holds: ({ damaged, crash, hang, changed_again, polluted }) =>
    damaged! > 0 && [crash, hang, changed_again, polluted].every((count) => count === 0),
};

interface Sample {
  text: string;
  isText: boolean;
}

async function samplesOf(writer: HistoryWriter, seed: number): Promise<Sample[]> {
  const histories = fc.sample(anyHistory, { seed, numRuns: HISTORIES_PER_WRITER });
  return Promise.all(
    histories.map(async (history) => {
      const written = await writer.write([history]);
      if (typeof written === 'string') return { text: written, isText: true };
      return { text: Buffer.from(written).toString('latin1'), isText: false };
    }),
  );
}

function fileOf(path: string, bytes: Buffer): HistoryFile {
  return {
    ...{ path, byteLength: bytes.byteLength, modifiedAt: new Date(0) },
    async *bytes() {
      yield bytes;
    },
  };
}

async function attempt(file: HistoryFile) {
  const store = createMemoryStore();
  try {
    const format = await detectHistory(file);
    if (!format) return 'unknown';
    const { skipped } = await importHistory(store, file, format);
    const before = await digestOf(store);
    await importHistory(store, file, format);
    if ((await digestOf(store)) !== before) return 'changed_again';
    return skipped.some(({ isDamage }) => isDamage) ? 'damaged' : 'whole';
  } catch {
    return 'crash';
  }
}

async function digestOf(store: Store): Promise<string> {
  const sessions = await store.transfer.sessionsAfter(null, 500);
  const digests = sessions.map((session) =>
    digestSession(session, messagePages(store.sessions, session.id)),
  );
  return (await Promise.all(digests)).join();
}
