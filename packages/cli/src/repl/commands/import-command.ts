import { expandHome } from '@synapse/config';
import { discoverHistories } from '@synapse/app/sessions/find-histories';
import { importHistories } from '@synapse/app/sessions/import-histories';
import type { HistoryReceipt } from '@synapse/portability';
import { discoveredTable } from '../../sessions/discovered-table.ts';
import { receiptLines, receiptSummary, unreadLines } from '../../sessions/history-receipt.ts';
import { completePath } from '../complete-path.ts';
import type { ReplCommand } from '../repl-command.ts';

/** Imports histories of other tools without leaving the conversation. */
export const importCommand: ReplCommand = {
  name: 'import',
  argument: '[path]',
  summary: 'import the history of another tool; without a path, list what tools have here',
  complete: (_repl, typed) => completePath(typed),
  async run(repl, path) {
    const { app, store, display } = repl;
    if (path === '') {
      const found = await repl.wait('looking for histories', () => discoverHistories(app, store));
      const columns = display.isTerminal ? display.columns : undefined;
      if (found.length === 0) display.notify('no histories of other tools were found');
      else display.print(discoveredTable(found, { style: display.style, columns }));
      return;
    }
    const paths = [expandHome(path, app.environment)];
    const receipts: HistoryReceipt[] = [];
    await repl.wait('importing', async (signal) => {
      const options = { paths, isDryRun: false, signal };
      for await (const receipt of importHistories(app, store, options)) receipts.push(receipt);
    });
    for (const line of [...receipts.flatMap(receiptLines), ...unreadLines(receipts)]) {
      display.notify(line);
    }
    display.notify(receiptSummary(receipts, false));
  },
};
