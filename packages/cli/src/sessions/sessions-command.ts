import type { Store } from '@synapse/core';
import { BaseCommand } from '../base-command.ts';
import { cleanUp } from '../cleanup/clean-up.ts';
import { terminalOf, type Terminal } from '../output/terminal.ts';
import type { App } from '../wiring.ts';

export interface Opened {
  app: App;
  store: Store;
  terminal: Terminal;
}

/** What the commands about sessions share: a store that is tidied before anything of it is shown. */
export abstract class SessionsCommand extends BaseCommand {
  protected async withSessions<T>(
    flags: { database?: string | undefined; verbose: boolean; color?: string | undefined },
    work: (opened: Opened) => Promise<T>,
  ): Promise<T> {
    const app = await this.openApp(flags);
    for (const warning of app.warnings) this.say(warning);
    return this.withStore(app, async (store) => {
      await cleanUp({
        ...app,
        retention: store.retention,
        say: (text) => this.say(text),
        remark: process.stderr.isTTY ? (text) => this.say(text) : undefined,
      });
      return work({ app, store, terminal: terminalOf(process.stdout, app) });
    });
  }
}
