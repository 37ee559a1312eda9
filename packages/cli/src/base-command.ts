import { existsSync } from 'node:fs';
import { Command } from '@oclif/core/command';
import type { Config } from '@oclif/core/config';
import * as Flags from '@oclif/core/flags';
import type { ArgInput, FlagInput } from '@oclif/core/interfaces';
import { FileNotFoundError, type Store } from '@synapse/core';
import { createPatientLines, toSafeText } from '@synapse/terminal';
import { createApp, type App } from './wiring.ts';
import { printJson } from './output/print-json.ts';

/** What oclif's parser asks of its Config; the rest of it costs start-up time and is not used. */
const config = {
  bin: 'synapse',
  runHook: async () => ({ successes: [], failures: [] }),
} as unknown as Config;

export type CommandClass = (new (argv: string[], config: Config) => BaseCommand) &
  Pick<
    typeof BaseCommand,
    | 'summary'
    | 'description'
    | 'examples'
    | 'usage'
    | 'flags'
    | 'args'
    | 'hidden'
    | 'strict'
    | 'baseFlags'
  >;

/** Shared flags, and what every command needs to begin and to end. */
export abstract class BaseCommand extends Command {
  static override args: ArgInput = {};
  static override flags: FlagInput = {};
  static override examples: string[] = [];
  /** Only where it is not the name, the arguments and the flags. */
  static override usage: string | undefined;

  static override baseFlags = {
    database: Flags.string({
      helpGroup: 'GLOBAL',
      helpValue: '<url>',
      description: 'the database to use instead of the configured one',
    }),
    verbose: Flags.boolean({
      char: 'v',
      helpGroup: 'GLOBAL',
      description: 'say on stderr what happens',
    }),
    color: Flags.option({ options: ['auto', 'always', 'never'] as const })({
      helpGroup: 'GLOBAL',
      description: 'colour on terminals, everywhere or nowhere',
    }),
  };

  /** Whether it makes sense where nothing is stored yet. */
  protected readonly makesDatabase: boolean = false;
  #isDatabaseNamed = false;

  abstract override run(): Promise<void>;

  static start(command: CommandClass, argv: string[]): Promise<void> {
    // oclif takes what is piped in for an argument that is missing, be it a key or the lines of a loop.
    for (const argument of Object.values(command.args)) argument.ignoreStdin = true;
    return new command(argv, config).run();
  }

  protected openApp(
    flags: { database?: string | undefined; verbose: boolean; color?: string | undefined },
    settings: Record<string, string | undefined> = {},
  ): Promise<App> {
    this.#isDatabaseNamed = flags.database !== undefined;
    return createApp({
      environment: process.env,
      flags: {
        'session.database_url': flags.database,
        'output.color': flags.color,
        ...settings,
      },
      verbose: flags.verbose ? createPatientLines(process.stderr) : null,
    });
  }

  /** Opens the store for `work` and closes it after, whatever happens. */
  protected async withStore<T>(app: App, work: (store: Store) => Promise<T>): Promise<T> {
    if (this.#isDatabaseNamed && !this.makesDatabase) refuseMissing(app);
    const store = await app.openStore();
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  protected print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** A line of the result, safe for a terminal whatever it holds. */
  protected show(text: string): void {
    this.print(process.stdout.isTTY ? toSafeText(text) : text);
  }

  /** To who watches, not to who reads the result. */
  protected say(text: string): void {
    process.stderr.write(`synapse: ${toSafeText(text)}\n`);
  }

  protected printJson(value: object): void {
    printJson(process.stdout, value);
  }
}

/** A misspelt path would become an empty database. */
function refuseMissing(app: App): void {
  const location = app.locate();
  if (location.engine !== 'sqlite' || existsSync(location.path)) return;
  throw new FileNotFoundError(`There is no database at ${location.path}.`);
}
