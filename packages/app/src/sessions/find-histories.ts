import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { Store } from '@synapse/core';
import type { HistoryFile } from '@synapse/portability';
import type { App } from '../wiring.ts';
import { FILES_PER_QUERY, parseMark, placeOf, stateOf } from './import-marks.ts';

/** A place where a tool keeps its histories, and how many of them a store does not have yet. */
export interface FoundHistories {
  tool: string;
  path: string;
  sessionCount: number;
  byteLength: number;
  newSessionCount: number;
  newByteLength: number;
}

/** The existing places of all tools, or of some. */
export async function findHistoryPlaces(
  { environment }: Pick<App, 'environment'>,
  tools?: readonly string[],
): Promise<{ tool: string; path: string }[]> {
  const { historyPlaces } = await import('@synapse/portability');
  const { platform } = process;
  const named = platform === 'win32' ? environment.USERPROFILE : environment.HOME;
  const home = named === undefined || named === '' ? homedir() : named;
  const places = await historyPlaces({ environment, platform, home });
  const isThere = async (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    );
  const existing = [];
  for (const place of places) {
    const isWanted = tools?.includes(place.tool) ?? true;
    if (isWanted && (await isThere(place.path))) existing.push(place);
  }
  return existing;
}

/** Looks at the histories of all tools, or of some, without importing them; a changed file counts as new. */
export async function discoverHistories(
  app: Pick<App, 'environment'>,
  { transfer }: Pick<Store, 'transfer'>,
  tools?: readonly string[],
): Promise<FoundHistories[]> {
  const { countHistories, historyFilesIn } = await import('@synapse/portability');
  const discovered: FoundHistories[] = [];
  for (const place of await findHistoryPlaces(app, tools)) {
    const found = {
      ...place,
      ...{ sessionCount: 0, byteLength: 0, newSessionCount: 0, newByteLength: 0 },
    };
    const count = async (files: readonly HistoryFile[]): Promise<void> => {
      const marks = await transfer.importMarks(files.map(placeOf));
      for (const file of files) {
        const mark = parseMark(marks.get(placeOf(file)));
        const isKnown = mark?.state === (await stateOf(file));
        const sessionCount = isKnown ? mark.sessionCount : await countHistories(file, place.tool);
        if (sessionCount === 0) continue;
        found.sessionCount += sessionCount;
        found.byteLength += file.byteLength;
        if (isKnown) continue;
        found.newSessionCount += sessionCount;
        found.newByteLength += file.byteLength;
      }
    };
    let files: HistoryFile[] = [];
    for await (const file of historyFilesIn(place.path, () => undefined)) {
      files.push(file);
      if (files.length < FILES_PER_QUERY) continue;
      await count(files);
      files = [];
    }
    await count(files);
    discovered.push(found);
  }
  return discovered;
}
