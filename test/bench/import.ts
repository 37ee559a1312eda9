import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { openBareSqlite } from './bare-sqlite.ts';
import { BenchHome } from './bench-home.ts';
import { longestWait } from './cleanup.ts';
import { alone, timeOf, type Measure } from './measure.ts';

const TRANSCRIPTS = 50;
const LINES = 1000;
const LINE_BYTES = 2000;
const UNCHANGED_FILES = 10_000;

/** Histories of Claude Code, beside a program that only reads and parses their lines. */
export async function benchImport(): Promise<Measure[]> {
  const home = new BenchHome();
  const folder = mkdtempSync(join(tmpdir(), 'synapse-bench-import-'));
  const [long, short, single] = ['long', 'short', 'single'].map((name) => join(folder, name));
  if (!long || !short || !single) throw new Error('The folders have no names.');
  try {
    writeTranscripts(long, TRANSCRIPTS, LINES);
    writeTranscripts(short, UNCHANGED_FILES, 2);
    writeTranscripts(single, 1, TRANSCRIPTS * LINES);
    let databases = 0;
    const fresh = () => ({ SYNAPSE_DATABASE_URL: join(folder, `${(databases += 1)}.db`) });
    const importFrom = (path: string, environment: Record<string, string>) =>
      home.synapse(['import', path], { environment });
    const peak = await home.peakOf((hook) => importFrom(single, { ...fresh(), ...hook }));
    const shared = fresh();
    const wait = await longestWait(await waitingWriter(shared.SYNAPSE_DATABASE_URL), () =>
      importFrom(single, shared),
    );
    const parsed = await timeOf(() => parseLines(long));
    const stored = fresh();
    const imported = await timeOf(() => importFrom(long, stored));
    const copied = await timeToCopy(stored.SYNAPSE_DATABASE_URL, fresh().SYNAPSE_DATABASE_URL);
    const database = fresh();
    await importFrom(short, database);
    const again = await timeOf(() => importFrom(short, database));
    const size = `${Math.round((TRANSCRIPTS * LINES * LINE_BYTES) / 1e6)} MB`;
    return [
      {
        figure: `import of ${size} in ${TRANSCRIPTS} transcripts (their lines read and parsed alone)`,
        ...{ promise: 'at most 3 times', unit: 'ms', value: imported },
        ...{ reference: parsed, ratio: imported / parsed },
      },
      {
        figure: 'SQLite inserting and indexing its rows alone (their lines read and parsed alone)',
        ...{ promise: '', unit: 'ms', value: copied },
        ...{ reference: parsed, ratio: copied / parsed },
      },
      {
        figure: 'the same import (SQLite inserting and indexing its rows alone)',
        ...{ promise: '', unit: 'ms', value: imported },
        ...{ reference: copied, ratio: imported / copied },
      },
      alone(`import of ${size} in one conversation: peak`, 'under 250 MiB', peak, 'MiB'),
      alone('the same import: longest wait of another writer', 'at most 250 ms', wait),
      alone(`import of ${UNCHANGED_FILES} unchanged files`, 'under 2 s', again),
    ];
  } finally {
    home.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeTranscripts(folder: string, count: number, lines: number): void {
  mkdirSync(folder);
  for (let file = 0; file < count; file += 1) {
    const sessionId = `${file}-${lines}`;
    const records = Array.from({ length: lines }, (_, line) => {
      const role = line % 2 === 0 ? 'user' : 'assistant';
      return JSON.stringify({
        ...{ type: role, uuid: `${sessionId}-${line}`, sessionId },
        parentUuid: line === 0 ? null : `${sessionId}-${line - 1}`,
        timestamp: new Date(1_770_000_000_000 + line * 1000).toISOString(),
        message: { role, id: `msg-${sessionId}-${line}`, content: textOf(line) },
      });
    });
    writeFileSync(join(folder, `${sessionId}.jsonl`), `${records.join('\n')}\n`);
  }
}

/** Another process that writes to an empty store. */
async function waitingWriter(path: string): Promise<[script: string, path: string]> {
  await (await openSqliteStore({ path })).close();
  return [join(process.cwd(), 'test/bench/waiting-writer.mjs'), path];
}

/** The time that SQLite alone takes to store and index the messages of another database. */
async function timeToCopy(from: string, to: string): Promise<number> {
  await (await openSqliteStore({ path: to })).close();
  const bare = await openBareSqlite(to);
  try {
    await bare.rows('attach ? as source', [from]);
    await bare.rows('insert into sessions select * from source.sessions');
    return await timeOf(() => bare.rows('insert into messages select * from source.messages'));
  } finally {
    await bare.close();
  }
}

/** Words of a text; each is different, so that the search index has something to do. */
function textOf(seed: number): string {
  let text = '';
  for (let word = 0; text.length < LINE_BYTES; word += 1) {
    text += `${((seed + 1) * 7919 * (word + 1)) % 20_011} lorem `;
  }
  return text;
}

async function parseLines(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const input = createReadStream(join(folder, name));
    for await (const line of createInterface({ input })) JSON.parse(line);
  }
}
