import { join } from 'node:path';
import * as Flags from '@oclif/core/flags';
import { ownToken } from '@synapse/app/server/tokens';
import { BaseCommand } from '../base-command.ts';
import { listenForInterrupts } from '../output/interrupts.ts';
import { findPage } from '../serve/find-page.ts';
import { openInBrowser } from '../serve/open-in-browser.ts';
import { jsonFlag } from '../shared-flags.ts';

const WARNING =
  'other machines can reach this server; only a proxy with TLS in front of it encrypts requests';

export default class Serve extends BaseCommand {
  static override summary = 'serve the sessions over HTTP, to programs and browsers';
  static override description = [
    'Every request needs a token. The first start makes one for this machine, keeps it in a file that only you',
    'can read, and shows it once, in the address to open. "synapse serve tokens" makes others and revokes them.',
    'Ctrl-C or SIGTERM stops the server.',
  ].join('\n');
  static override examples = ['synapse serve', 'synapse serve --host 0.0.0.0 --json'];
  static override flags = {
    host: Flags.string({ helpValue: '<address>', description: 'the address to listen on' }),
    port: Flags.integer({
      ...{ min: 0, max: 65_535, helpValue: '<port>', description: 'the port; 0 takes any' },
    }),
    open: Flags.boolean({ description: 'open the address in a browser' }),
    ...jsonFlag,
  };

  protected override readonly makesDatabase = true;

  override async run(): Promise<void> {
    const { flags } = await this.parse(Serve);
    const { host, port, open, json } = flags;
    const app = await this.openApp(flags, { 'serve.host': host, 'serve.port': port?.toString() });
    const { serve } = app.settings;
    const interrupts = listenForInterrupts();
    const tokenFile = join(app.places.stateFolder, 'serve-token');
    await this.withStore(
      app,
      async (store) => {
        const { isLoopback, startServer } = await import('@synapse/http-api');
        const limits = { requestsPerMinute: serve.requests_per_minute };
        const server = await startServer({ app, store, limits, page: findPage(), ...serve });
        const { url } = server;
        try {
          const { secret, isNew } = await ownToken(store.tokens, tokenFile, app.clock.now());
          const address = `${url}/#token=${secret}`;
          if (json) this.printJson({ url, tokenFile });
          else this.print(isNew ? `listening on ${url}\nopen ${address}` : `listening on ${url}`);
          if (json || !isNew) this.notify(`your token is in ${tokenFile}`);
          if (!isLoopback(serve.host)) this.notify(WARNING);
          if (open)
            await openInBrowser(address, app.places.stateFolder, (text) => this.notify(text));
          await interrupts.interrupted;
        } finally {
          await server.close();
          interrupts.stop();
        }
      },
      { isForServer: true },
    );
  }
}
