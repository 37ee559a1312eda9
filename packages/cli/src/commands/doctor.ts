import * as Flags from '@oclif/core/flags';
import { toSafeText, createStyle, wantsColor, wrapText } from '@synapse/terminal';
import { BaseCommand } from '../base-command.ts';
import { jsonFlag } from '../shared-flags.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { hintOf } from '../output/action-words.ts';
import { failedCheck, type Check } from '@synapse/app/doctor/check';
import { checkProgram } from '../doctor/check-program.ts';
import { checkProviders } from '@synapse/app/doctor/check-providers';
import { checkSettings } from '@synapse/app/doctor/check-settings';
import { checkStore } from '@synapse/app/doctor/check-store';
import type { App } from '@synapse/app/wiring';

const INDENT = 6;

export default class Doctor extends BaseCommand {
  static override summary =
    'look at settings, keys, database, files and terminal, and say how to mend them';
  static override description =
    'Changes nothing but a file that it writes and removes to see whether it can, and uses no network unless told to. Ends with 0 unless something fails.';
  static override examples = ['synapse doctor', 'synapse doctor --online', 'synapse doctor --json'];
  static override flags = {
    online: Flags.boolean({ description: 'also ask every provider that has a key' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const checks: Check[] = checkProgram(process.env, new Date());
    let app: App | undefined;
    try {
      app = await this.openApp(flags);
    } catch (error) {
      checks.push(failedCheck('settings', error));
    }
    if (app) {
      checks.push(...checkSettings(app));
      checks.push(...(await checkStore(app)));
      checks.push(...(await checkProviders(app, flags.online)));
    }
    const failed = checks.find(({ code }) => code !== null);
    process.exitCode = failed?.code ? exitCodeOf(failed.code) : 0;
    if (flags.json)
      this.printJson({ ok: process.exitCode === 0, items: checks.map(toJson), nextCursor: null });
    else this.#print(checks, flags.color);
  }

  #print(checks: readonly Check[], choice: 'auto' | 'always' | 'never' | undefined): void {
    const environment = process.env;
    const { isTTY: isTerminal, columns } = process.stdout;
    const width = Math.max((columns || 80) - INDENT, 20);
    const style = createStyle(wantsColor({ choice, isTerminal, environment }));
    const paints = { ok: style.green, warn: style.yellow, fail: style.red };
    for (const check of checks) {
      const { name, status, text } = check;
      const advice = adviceOf(check);
      const lines = [`${name}: ${text}`, ...(advice === null ? [] : [advice])].join('\n');
      const wrapped = isTerminal ? wrapText(toSafeText(lines), width).join('\n') : lines;
      const indented = wrapped.replaceAll('\n', `\n${' '.repeat(INDENT)}`);
      this.print(`${paints[status](status.padEnd(4))}  ${indented}`);
    }
  }
}

function toJson(check: Check): object {
  const { name, status, text } = check;
  return { name, status, text, advice: adviceOf(check) };
}

function adviceOf({ advice, action }: Check): string | null {
  return hintOf({ hint: advice ?? undefined, action }) ?? null;
}
