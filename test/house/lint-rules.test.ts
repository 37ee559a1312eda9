import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from '@jest/globals';

const core = 'packages/core/src/errors/synapse-error.ts';
const app = 'packages/app/src/wiring.ts';
const config = 'config/places.ts';
const provider = 'packages/provider-http/src/create-fetch.ts';
const terminal = 'packages/terminal/src/screen/pager.ts';
const cli = 'packages/cli/src/main.ts';

const properties = 'no-restricted-properties';
const syntax = 'no-restricted-syntax';
const imports = 'no-restricted-imports';

/** What a file says, and the rule that refuses it; null where it may say so. */
const planted: [file: string, text: string, rule: string | null][] = [
  [core, 'process.exit(1);', properties],
  [app, 'process.exitCode = 1;', properties],
  [app, 'process.abort();', properties],
  [terminal, 'process.exit(1);', properties],
  [cli, 'process.exitCode = 1;', null],
  [core, 'process.stderr.write("x");', properties],
  [config, 'const { stdin } = process; stdin.resume();', properties],
  [app, 'process.stdout.write("x");', properties],
  [provider, 'console.error("x");', 'no-console'],
  [terminal, 'const { stdout } = process; stdout.write("x");', null],
  [cli, 'process.stdin.resume();', null],
  [core, 'export const here = process.cwd();', properties],
  [provider, 'export const { HTTPS_PROXY } = process.env;', properties],
  [config, 'export const home = process["env"].HOME;', properties],
  [app, 'process.chdir("/");', properties],
  [terminal, 'export const { env } = process;', properties],
  [cli, 'export const here = [process.cwd(), process.env];', null],
  [core, 'const host = process; host.exit(1);', syntax],
  [app, 'globalThis.process.exit(1);', syntax],
  [app, 'import { env } from "node:process"; export { env };', imports],
  [cli, 'import process from "process"; export { process };', imports],
  [cli, 'process.stderr.write(`synapse: ${1}`);', syntax],
  [cli, 'process.stderr.write("synapse: x");', syntax],
  [core, 'export const signal = AbortSignal.timeout(1);', syntax],
  [cli, 'export const signal = AbortSignal.any([]);', syntax],
];

describe('the rules of ESLint for each folder', () => {
  let found: string[][];

  beforeAll(() => {
    found = lint(planted.map(([filePath, text]) => ({ filePath, text })));
  });

  it.each(planted.map(([file, text, rule], index) => ({ file, text, rule, index })))(
    'hold in $file: $text',
    ({ rule, index }) => {
      expect(found[index]).toEqual(rule === null ? [] : [rule]);
    },
  );
});

/** The rules, by name, that each text breaks; those that need types are left out, for their speed. */
function lint(files: { filePath: string; text: string }[]): string[][] {
  const script = `
    import { readFileSync } from 'node:fs';
    import { ESLint } from 'eslint';
    import tseslint from 'typescript-eslint';
    const untyped = { files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked };
    const eslint = new ESLint({ overrideConfig: [untyped] });
    const found = [];
    for (const { filePath, text } of JSON.parse(readFileSync(0, 'utf8'))) {
      const [{ messages }] = await eslint.lintText(text, { filePath });
      found.push(messages.map(({ ruleId, message }) => ruleId ?? message));
    }
    console.log(JSON.stringify(found));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    input: JSON.stringify(files),
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as string[][];
}
