import type { Logger } from '@synapse/core';
import type { Knex } from 'knex';

/** What must hold for every database: no stored text in an error, nothing printed. */
export function commonKnexOptions(logger: Logger | undefined): Knex.Config {
  const report = (message: unknown) => logger?.debug({ source: 'knex' }, String(message));
  return {
    compileSqlOnError: false,
    asyncStackTraces: false,
    log: { warn: report, error: report, deprecate: report, debug: report },
  };
}
