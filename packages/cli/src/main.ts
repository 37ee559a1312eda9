import { UsageError } from '@synapse/core';
import { BaseCommand } from './base-command.ts';
import { commands } from './command-table.ts';
import { COMPLETION_COMMAND } from './completion/completion-command.ts';
import { KEYRING_COMMAND } from '@synapse/app/keys/keyring-command';
import { dispatch } from './dispatch.ts';
import { ClosedOutputError, UnwritableOutputError, watchOutput } from './output/interrupts.ts';
import { reportError } from './output/report-error.ts';
import { toUsageError } from './output/to-usage-error.ts';

/** For oclif's own runner; see bin/oclif-commands.mjs. */
export { commands };

/** Runs one command line and leaves its exit code; everything that is queued is still written. */
export async function main(argv: string[]): Promise<void> {
  watchOutput((error) => reportError(error, 'text'));
  let id = 'ask';
  const report = (error: unknown) =>
    reportError(toUsageError(error, id), wantsJson(argv) ? 'json' : 'text');
  // A bug in background work is reported like any other.
  process.on('uncaughtException', (error) => process.exit(report(error)));
  try {
    if (argv[0] === COMPLETION_COMMAND) {
      const { complete } = await import('./completion/complete.ts');
      process.stdout.write(await complete(argv.slice(1), process.env));
      return;
    }
    if (argv[0] === KEYRING_COMMAND) {
      const { answerKeyringRequest } = await import('@synapse/app/keys/keyring-child');
      await answerKeyringRequest(process.stdin, process.stdout);
      return;
    }
    const dispatched = dispatch(argv);
    ({ id } = dispatched);
    const { rest } = dispatched;
    const load = commands[id];
    if (!load) throw new UsageError(`"${id}" is not a command.`);
    if (wantsHelp(rest) && id !== 'help') {
      const { default: help } = await import('./commands/help.ts');
      await BaseCommand.start(help, id === 'ask' ? [] : id.split(' '));
      return;
    }
    const { default: command } = await load();
    await BaseCommand.start(command, rest);
  } catch (error) {
    if (error instanceof ClosedOutputError || error instanceof UnwritableOutputError) return;
    process.exitCode = report(error);
  }
}

function optionsOf(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

function wantsHelp(argv: readonly string[]): boolean {
  return optionsOf(argv).some((word) => word === '--help' || word === '-h');
}

function wantsJson(argv: readonly string[]): boolean {
  return (
    optionsOf(argv).some((word) => /^(--json|--output=.*json|-o.*json)$/.test(word)) ||
    /--output nd?json|-o nd?json/.test(optionsOf(argv).join(' '))
  );
}
