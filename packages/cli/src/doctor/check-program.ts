import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail, ok, warn, type Check } from '@synapse/app/doctor/check';
import { BUG } from '@synapse/app/failures/describe-failure';
import { MODELS_AS_OF } from '@synapse/core/models';

/** The program, its Node, the clock and the terminal: all that needs no settings. */
export function checkProgram(environment: NodeJS.ProcessEnv, now: Date): Check[] {
  return [
    ok('synapse', `version ${readVersion()}`),
    ok('node', `${process.version} on ${process.platform} ${process.arch}`),
    checkClock(now),
    checkTerminal(environment),
  ];
}

function readVersion(): string {
  try {
    const binary = realpathSync(process.argv[1] ?? '');
    const manifest = readFileSync(join(dirname(binary), '../package.json'), 'utf8');
    return (JSON.parse(manifest) as { version: string }).version;
  } catch {
    return 'unknown';
  }
}

function checkClock(now: Date): Check {
  const advice = 'Set the clock: message times and lock expiry depend on it.';
  const isBehind = now.toISOString().slice(0, 10) < MODELS_AS_OF;
  return isBehind
    ? fail('clock', `${now.toISOString()} is before this program was built`, advice, BUG)
    : ok('clock', now.toISOString());
}

function checkTerminal(environment: NodeJS.ProcessEnv): Check {
  const { LC_ALL, LC_CTYPE, LANG, TERM, NO_COLOR } = environment;
  const { isTTY, columns } = process.stdout as { isTTY?: boolean; columns: number };
  if (!isTTY) return ok('terminal', 'stdout is not a terminal');
  const locale = [LC_ALL, LC_CTYPE, LANG].find(Boolean) ?? '';
  const facts = `${TERM ?? 'no TERM'}, ${columns} columns, ${process.stdout.getColorDepth()} bits of colour${NO_COLOR ? ' (NO_COLOR)' : ''}`;
  const isUnicode = /utf-?8/i.test(locale) || process.platform !== 'linux';
  return isUnicode
    ? ok('terminal', `${facts}, Unicode`)
    : warn('terminal', `${facts}, locale "${locale}"`, 'For Unicode: export LANG=C.UTF-8');
}
