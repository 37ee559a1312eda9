import { StorageError, type SynapseError } from '@synapse/core';
import { refuseNewerSchema, schemaMismatchError, SCHEMA_VERSION } from '@synapse/storage-knex';
import { missingRightError, type RightsQuery } from './missing-right.ts';
import { sqlStateOf } from './sqlstate.ts';
import { toStorageError } from './to-storage-error.ts';

const NOT_PERMITTED = '42501';
const NOT_THERE = /^(42P01|42703|3F000)$/;

/** Like `toStorageError`; if the error does not contain the reason, this asks the database. */
export async function explainError(
  cause: unknown,
  asked: RightsQuery,
): Promise<SynapseError | undefined> {
  const state = sqlStateOf(cause) ?? '';
  try {
    if (state === NOT_PERMITTED) return await missingRightError(cause, asked);
    if (NOT_THERE.test(state)) return await missingTableError(cause, asked);
  } catch (error) {
    // The query failed as well, so the error itself has to be enough.
    if (error instanceof StorageError) return error;
  }
  return toStorageError(cause, asked.location);
}

/** A table or column that existed when the store was opened is missing. */
async function missingTableError(
  cause: unknown,
  { query, location, readSchemaVersion }: RightsQuery,
): Promise<SynapseError | undefined> {
  const missing = /(?:relation|column) "?(\S+?)"? does not exist/.exec(
    (cause as Error).message,
  )?.[1];
  const version = await readSchemaVersion(query);
  refuseNewerSchema(version);
  if (version === SCHEMA_VERSION) {
    return missing === undefined ? undefined : schemaMismatchError(location, missing, cause);
  }
  const state =
    version === 0
      ? 'no longer has the tables of Synapse: it was emptied or created again'
      : `now has schema version ${version}, and this Synapse needs ${SCHEMA_VERSION}: it was replaced by an older copy`;
  return new StorageError(`The database ${location} ${state}.`, {
    reason: 'replaced',
    hint: 'Restore a backup, ',
    action: {
      name: 'renew-tables',
      text: 'or bring the tables up to date. Then start a new session.',
    },
    cause,
  });
}
