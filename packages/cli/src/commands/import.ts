import * as Args from '@oclif/core/args';
import { InvalidDataError } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import { discoverHistories } from '@synapse/app/sessions/find-histories';
import { historyTools } from '@synapse/portability/history-tools';
import { listenForInterrupts } from '../output/interrupts.ts';
import { discoveredTable } from '../sessions/discovered-table.ts';
import { isDamaged, receiptSummary, unreadLines } from '../sessions/history-receipt.ts';
import { importFlags, toImportOptions, toolsOf } from '../sessions/import-flags.ts';
import { importWithProgress } from '../sessions/import-with-progress.ts';
import { watchHistories } from '../sessions/watch-histories.ts';
import { SessionsCommand, type Opened } from '../sessions/sessions-command.ts';

export default class Import extends SessionsCommand {
  static override summary = 'import the histories of other tools, and exports of Synapse';
  static override description =
    'Reads files, folders and ZIP archives, and recognises the format by content.\n' +
    'Every branch becomes a session. Another import adds new messages, and imports nothing twice.\n' +
    `The tools: ${historyTools.join(', ')}.`;
  static override usage = '[flags] [path …]';
  static override examples = [
    'synapse import --discover',
    'synapse import --from claude-code,codex',
    'synapse import conversations.json --tag old --dry-run',
  ];
  static override strict = false;
  static override args = {
    path: Args.string({ description: 'a file, a folder or a ZIP archive; several are possible' }),
  };
  static override flags = importFlags;

  protected override readonly makesDatabase = true;

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Import);
    const interrupts = listenForInterrupts();
    const { signal } = interrupts;
    await this.withSessions(flags, async (opened) => {
      const { app, store } = opened;
      if (flags.discover) return this.#discover(opened, toolsOf(flags), flags.json);
      const isDryRun = flags['dry-run'];
      const options = { ...(await toImportOptions(app, flags, argv as string[])), signal };
      const notify = flags.json ? undefined : (line: string) => this.notify(line);
      const receipts = await importWithProgress(app, store, options, notify);
      if (flags.json) this.printJson({ isDryRun, items: receipts, nextCursor: null });
      else {
        for (const line of unreadLines(receipts)) this.notify(line);
        this.print(receiptSummary(receipts, isDryRun));
      }
      if (flags.watch) await watchHistories(app, store, options, (line) => this.notify(line));
      const damagedCount = receipts.filter(isDamaged).length;
      if (damagedCount === 0) return;
      throw new InvalidDataError(`${countOf(damagedCount, 'file')} could not be imported in full.`);
    }).finally(() => interrupts.stop());
  }

  async #discover({ app, store, outputStyle }: Opened, tools?: string[], isJson = false) {
    const found = await discoverHistories(app, store, tools);
    if (isJson) this.printJson({ isDryRun: true, places: found, items: [], nextCursor: null });
    else if (found.length === 0) this.notify('no histories of other tools were found');
    else this.print(discoveredTable(found, outputStyle));
  }
}
