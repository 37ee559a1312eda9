import type { Logger } from '@synapse/core';
import type { Knex } from 'knex';

/** Options for every database: errors contain no stored text, and nothing is printed. */
export function commonKnexOptions(logger: Logger | undefined): Knex.Config {
  const report = (message: unknown) => logger?.debug({ source: 'knex' }, String(message));
  return {
    compileSqlOnError: false,
    asyncStackTraces: false,
    log: { warn: report, error: report, deprecate: report, debug: report },
  };
}
