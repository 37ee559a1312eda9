import { existsSync } from 'node:fs';
import { Command } from '@oclif/core/command';
import type { Config } from '@oclif/core/config';
import * as Flags from '@oclif/core/flags';
import type { ArgInput, FlagInput } from '@oclif/core/interfaces';
import { FileNotFoundError, type Store } from '@synapse/core';
import { createDeferredLines, toSafeText } from '@synapse/terminal';
import { createApp, type App, type OpenStoreOptions } from '@synapse/app/wiring';
import { createNotices } from './output/notices.ts';
import { printJson } from './output/print-json.ts';
import { describeError } from './output/report-error.ts';
import { toUsageError } from './output/to-usage-error.ts';

/** The part of the Config that the parser of oclif needs, without loading the rest at every start. */
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
  /** The text after the name, if it is not the arguments followed by the flags. */
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
      description: 'log details to stderr',
    }),
    color: Flags.option({ options: ['auto', 'always', 'never'] as const })({
      helpGroup: 'GLOBAL',
      description: 'use colour on terminals only, always or never',
    }),
  };

  /** Whether it makes sense before anything is stored. */
  protected readonly makesDatabase: boolean = false;
  protected readonly notices = createNotices(process.stderr);
  #isDatabaseNamed = false;

  constructor(argv: string[], config: Config) {
    super(argv, config);
    // oclif would take piped input for a missing argument, even a key or the lines of a loop.
    for (const argument of Object.values(this.ctor.args)) argument.ignoreStdin = true;
  }

  abstract override run(): Promise<void>;

  static start(command: CommandClass, argv: string[]): Promise<void> {
    return new command(argv, config).run();
  }

  /** Only oclif's own runner calls this; it prints the error and exits with its code. */
  protected override async catch(failure: Error): Promise<never> {
    const id = this.id?.replaceAll(':', ' ') ?? '';
    const { code, exitCode, message, hint } = describeError(toUsageError(failure, id));
    const suggestions = hint === undefined ? [] : [hint];
    throw Object.assign(new Error(message), { code, suggestions, oclif: { exit: exitCode } });
  }

  protected openApp(
    flags: { database?: string | undefined; verbose: boolean; color?: string | undefined },
    settings: Record<string, string | undefined> = {},
  ): Promise<App> {
    this.#isDatabaseNamed = flags.database !== undefined;
    return createApp({
      environment: process.env,
      here: process.cwd(),
      flags: {
        'session.database_url': flags.database,
        'output.color': flags.color,
        ...settings,
      },
      verbose: flags.verbose ? createDeferredLines(process.stderr) : null,
      notify: (text) => this.notify(text),
    });
  }

  /** Opens the store for `work` and closes it after, whatever happens. */
  protected async withStore<T>(
    app: App,
    work: (store: Store) => Promise<T>,
    options: OpenStoreOptions = {},
  ): Promise<T> {
    if (this.#isDatabaseNamed && !this.makesDatabase) refuseMissing(app);
    const store = await app.openStore(options);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  protected print(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** A line of the result, made safe for a terminal. */
  protected show(text: string): void {
    this.print(process.stdout.isTTY ? toSafeText(text) : text);
  }

  /** Prints a notice on stderr, apart from the result. */
  protected notify(text: string): void {
    this.notices.notify(text);
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
