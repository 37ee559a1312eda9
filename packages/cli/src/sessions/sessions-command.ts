import type { Store } from '@synapse/core';
import { BaseCommand } from '../base-command.ts';
import { outputStyleOf, type OutputStyle } from '../output/output-style.ts';
import type { App } from '@synapse/app/wiring';

export interface Opened {
  app: App;
  store: Store;
  outputStyle: OutputStyle;
}

/** The base of the commands about sessions. None of them runs a cleanup: they show the store unchanged. */
export abstract class SessionsCommand extends BaseCommand {
  // oclif's manifest leaves out inherited flags if the class between has no static members.
  static override baseFlags = BaseCommand.baseFlags;

  protected async withSessions<T>(
    flags: { database?: string | undefined; verbose: boolean; color?: string | undefined },
    work: (opened: Opened) => Promise<T>,
  ): Promise<T> {
    const app = await this.openApp(flags);
    for (const warning of app.warnings) this.notify(warning);
    return this.withStore(app, (store) =>
      work({ app, store, outputStyle: outputStyleOf(process.stdout, app) }),
    );
  }
}
