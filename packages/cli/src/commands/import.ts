import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { InvalidDataError } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import { importHistories } from '@synapse/app/sessions/import-histories';
import { parseTag } from '@synapse/app/sessions/parse-tag';
import type { HistoryReceipt } from '@synapse/portability';
import { historyTools } from '@synapse/portability/history-tools';
import { listenForInterrupts } from '../output/interrupts.ts';
import { isDamaged, receiptLines, receiptSummary } from '../sessions/history-receipt.ts';
import { SessionsCommand } from '../sessions/sessions-command.ts';
import { dryRunFlag, jsonFlag } from '../shared-flags.ts';

export default class Import extends SessionsCommand {
  static override summary = 'import the histories of other tools';
  static override description =
    'Reads files and folders: transcripts of Claude Code and Codex, and conversations.json of ChatGPT and Claude.ai.\n' +
    'Every branch becomes a session. Another import adds new messages, and imports nothing twice.';
  static override usage = '[flags] <path …>';
  static override examples = [
    'synapse import ~/.claude/projects ~/.codex/sessions',
    'synapse import conversations.json --tag old --dry-run',
  ];
  static override strict = false;
  static override args = {
    path: Args.string({ required: true, description: 'a file or a folder; several are possible' }),
  };
  static override flags = {
    from: Flags.string({
      options: [...historyTools],
      description: 'only histories of this tool',
    }),
    tag: Flags.string({
      helpValue: '<tag>',
      multiple: true,
      description: 'add this tag; repeatable',
    }),
    ...dryRunFlag,
    ...jsonFlag,
  };

  protected override readonly makesDatabase = true;

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Import);
    const paths = argv as string[];
    const isDryRun = flags['dry-run'];
    const tags = (flags.tag ?? []).map(parseTag);
    const receipts: HistoryReceipt[] = [];
    const interrupts = listenForInterrupts();
    await this.withSessions(flags, async ({ app, store }) => {
      const options = { paths, tool: flags.from, tags, isDryRun, signal: interrupts.signal };
      for await (const receipt of importHistories(app, store, options)) {
        receipts.push(receipt);
        if (!flags.json) for (const line of receiptLines(receipt)) this.notify(line);
      }
    }).finally(() => interrupts.stop());
    if (flags.json) this.printJson({ isDryRun, items: receipts, nextCursor: null });
    else this.print(receiptSummary(receipts, isDryRun));
    const damagedCount = receipts.filter(isDamaged).length;
    if (damagedCount === 0) return;
    throw new InvalidDataError(`${countOf(damagedCount, 'file')} could not be imported in full.`);
  }
}
