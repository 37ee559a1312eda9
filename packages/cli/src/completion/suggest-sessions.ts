import { findPlaces, loadSettings } from '@synapse/config';
import { parseDatabaseUrl } from '@synapse/app/database-url';
import { readNames } from '@synapse/app/wiring';
import type { Suggestion } from './suggestion.ts';

const SHOWN = 50;
/** As much of an id as distinguishes sessions begun in different milliseconds. */
const SHORT_ID = 13;

/** The sessions of a database on this machine: their names, or the beginnings of their ids. */
export async function suggestSessions(
  environment: NodeJS.ProcessEnv,
  database: string | undefined,
): Promise<Suggestion[]> {
  const { settings } = await loadSettings({ environment });
  const { configFolder } = findPlaces(environment);
  const url = database ?? settings.session.database_url;
  const names = await readNames(parseDatabaseUrl(url, { configFolder, environment }), SHOWN);
  const short = names.map(({ id }) => id.slice(0, SHORT_ID));
  return [
    { value: 'last', description: 'the session with the latest activity' },
    { value: 'here', description: 'the latest session that began in this folder' },
    ...names.flatMap(({ id, handle, title }, index): Suggestion[] => {
      const prefix = short[index] ?? id;
      const isUnique = short.indexOf(prefix) === short.lastIndexOf(prefix);
      const reference = handle ?? (isUnique ? prefix : id);
      const byTitle = title ? [{ value: title, description: reference }] : [];
      return [{ value: reference, description: title ?? '' }, ...byTitle];
    }),
  ];
}
