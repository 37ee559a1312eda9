import * as Flags from '@oclif/core/flags';
import { parseMoment, UsageError } from '@synapse/core';
import { expandHome } from '@synapse/config';
import type { ImportHistoriesOptions } from '@synapse/app/sessions/import-histories';
import { findHistoryPlaces } from '@synapse/app/sessions/find-histories';
import { parseTag } from '@synapse/app/sessions/parse-tag';
import type { App } from '@synapse/app/wiring';
import { historyTools } from '@synapse/portability/history-tools';
import { dryRunFlag, jsonFlag } from '../shared-flags.ts';

export const importFlags = {
  from: Flags.string({
    helpValue: '<tool>',
    multiple: true,
    description:
      'import only from this tool; without a path, from where it keeps its histories; repeatable, or with commas',
  }),
  all: Flags.boolean({ default: false, description: 'import from the places of all tools' }),
  discover: Flags.boolean({
    default: false,
    description: 'list the histories on this machine and how many are new, without importing them',
    exclusive: ['watch'],
  }),
  since: Flags.string({
    helpValue: '<time>',
    description: 'leave out what is older: 2026-01-31, 7d',
  }),
  tag: Flags.string({
    helpValue: '<tag>',
    multiple: true,
    description: 'add this tag; repeatable',
  }),
  again: Flags.boolean({
    default: false,
    description: 'also read files that have not changed since the last import',
  }),
  watch: Flags.boolean({
    default: false,
    description: 'keep running, and import new messages as they are written',
    exclusive: ['dry-run', 'json', 'again'],
  }),
  ...dryRunFlag,
  ...jsonFlag,
};

interface ImportFlagValues {
  from?: string[] | undefined;
  all: boolean;
  discover: boolean;
  since?: string | undefined;
  tag?: string[] | undefined;
  again: boolean;
  'dry-run': boolean;
}

/** The named tools; undefined means all. */
export function toolsOf({ from }: Pick<ImportFlagValues, 'from'>): string[] | undefined {
  const tools = from?.flatMap((names) => names.split(/[\s,]+/).filter(Boolean));
  const unknown = tools?.find((tool) => !historyTools.includes(tool));
  if (unknown === undefined) return tools;
  throw new UsageError(`--from does not know the tool "${unknown}".`, {
    hint: `Use one of ${historyTools.join(', ')}.`,
  });
}

/** The named paths, or the places of the named tools. */
export async function toImportOptions(
  app: Pick<App, 'environment' | 'clock'>,
  flags: ImportFlagValues,
  named: readonly string[],
): Promise<Omit<ImportHistoriesOptions, 'signal'>> {
  const tools = toolsOf(flags);
  const isSearch = named.length === 0 && (flags.all || tools !== undefined);
  if (named.length === 0 && !isSearch) {
    throw new UsageError('"synapse import" needs a path, --from or --all.', {
      hint: '--discover lists the histories on this machine.',
    });
  }
  const found = isSearch ? await findHistoryPlaces(app, tools) : [];
  const paths = [
    ...named.map((path) => expandHome(path, app.environment)),
    ...found.map(({ path }) => path),
  ];
  const since =
    flags.since === undefined ? undefined : parseMoment('--since', flags.since, app.clock.now());
  const tags = (flags.tag ?? []).map(parseTag);
  return { paths, tools, since, tags, isAgain: flags.again, isDryRun: flags['dry-run'] };
}
