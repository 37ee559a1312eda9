import { dirname } from 'node:path';
import type { StoreSummary } from '@synapse/core';
import type { App } from '../wiring.ts';
import { failedCheck, ok, warn, type Check } from './check.ts';
import { checkModes, checkSpace } from './check-files.ts';
import { checkWriting, WRITING } from './check-writing.ts';
import { defaultDatabase } from '../database-url.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Checks the database without migrating it; creates only a test file, which is removed at once. */
export async function checkStore(app: App): Promise<Check[]> {
  try {
    const location = app.locate();
    const place = location.engine === 'sqlite' ? checkPlace(app, location.path) : [];
    // If nothing can be written, SQLite may not be able to read either.
    if (place.some(({ name, status }) => name === WRITING && status === 'fail')) return place;
    const summary = await app.inspectStore();
    if (!summary)
      return [ok('database', 'not created yet; the first question creates it'), ...place];
    return [...checkSummary(summary), ...place, ...(await checkContent(app, summary))];
  } catch (error) {
    return [failedCheck('database', error)];
  }
}

function checkPlace({ places }: App, path: string): Check[] {
  if (path === ':memory:') return [];
  const makesFolder = path === defaultDatabase(places.configFolder);
  return [
    checkWriting(path, makesFolder),
    checkSpace(dirname(path)),
    ...checkModes([dirname(path), path]),
  ];
}

function checkSummary({
  engine,
  engineVersion,
  location,
  journalMode,
  checksPages,
  schema,
}: StoreSummary): Check[] {
  const steps = `${schema.applied.length} steps applied`;
  return [
    ok('database', `${engine} ${engineVersion} at ${location}`),
    schema.pending.length === 0
      ? ok('schema', steps)
      : warn('schema', `${steps}, ${schema.pending.length} pending`, 'synapse db migrate'),
    ...(journalMode === null ? [] : [ok('journal mode', journalMode)]),
    ...(checksPages === null ? [] : [checkChecksums(checksPages)]),
  ];
}

function checkChecksums(isOn: boolean): Check {
  if (isOn) return ok('data checksums', 'on: the server notices damage to its files');
  return warn(
    'data checksums',
    'off: Synapse itself checks the sessions that it reads, which takes longer',
    'Stop the server and run pg_checksums --enable.',
  );
}

async function checkContent(app: App, { schema }: StoreSummary): Promise<Check[]> {
  if (schema.pending.length > 0) return [];
  const store = await app.openStore();
  try {
    const { sessionCount, messageCount } = await store.maintenance.info();
    const newest = await store.retention.newestActivity();
    const isAhead = newest !== null && newest.getTime() > app.clock.now().getTime() + DAY_MS;
    return [
      ok('sessions', `${sessionCount} sessions, ${messageCount} messages`),
      ...(isAhead
        ? [
            warn(
              'clock',
              `a message is from ${newest.toISOString()}, which is in the future`,
              'Set the clock; no session is removed until it is right.',
            ),
          ]
        : []),
    ];
  } finally {
    await store.close();
  }
}
