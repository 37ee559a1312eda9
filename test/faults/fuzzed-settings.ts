import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidSettingsError, leavesOf, loadSettings, schema } from '@synapse/config';
import { randomFrom, scaled, type Fault } from './fault.ts';

const SECRET = 'sk-canary-0123456789';
const leaves = leavesOf(schema);
const values = [
  ...['true', '0', '-1', '1e99', 'nan', '"many"', '[]', '[1, "a"]', '{ a = 1 }', '""', '"\\u0000"'],
  ...['1979-05-27', "'''", '"""', '9223372036854775808', '0x', '"${NOBODY}"', '[['],
];
const secrets = [`"${SECRET}"`, `["${SECRET}"]`, `{ x = "${SECRET}" }`, `"${SECRET}`];
const damages = [
  '=',
  '[',
  ']',
  '"',
  "'",
  '\n',
  '\0',
  '#',
  '.',
  '\ufeff',
  '\\',
  '{',
  '\r',
  '\ud800',
];

/** E7: settings that nobody could mean, from the file, from variables and from flags. */
export const fuzzedSettings: Fault = {
  id: 'E7',
  what: 'settings of any form are taken or refused by name and line, without the value of a secret',
  async run(tier, seed) {
    const random = randomFrom(seed);
    const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)]!;
    const folder = mkdtempSync(join(tmpdir(), 'synapse-settings-'));
    const file = join(folder, 'config.toml');
    const figures = { loads: 0, refused: 0, crash: 0, unnamed: 0, secret_shown: 0 };
    try {
      for (let load = 0; load < scaled(tier, 10_000, 1_000_000, 10_000_000); load++) {
        const problems = await problemsOf();
        figures.loads += 1;
        if (problems === null) figures.crash += 1;
        else if (problems.length > 0) {
          figures.refused += 1;
          figures.unnamed += problems.every(({ source }) => source !== '') ? 0 : 1;
          figures.secret_shown += JSON.stringify(problems).includes(SECRET) ? 1 : 0;
        }
      }
      return figures;
    } finally {
      rmSync(folder, { recursive: true });
    }

    async function problemsOf() {
      const environment: Record<string, string> = { SYNAPSE_CONFIG: file, HOME: folder };
      const flags: Record<string, string> = {};
      writeFileSync(file, document(), { mode: 0o600 });
      const [key, { variables }] = pick(leaves);
      if (random() < 0.2 && variables[0]) environment[variables[0]] = pick(values);
      if (random() < 0.2) flags[key] = pick(values);
      try {
        await loadSettings({ environment, flags });
        return [];
      } catch (error) {
        return error instanceof InvalidSettingsError ? error.problems : null;
      }
    }

    function document(): string {
      const lines = Array.from({ length: Math.floor(random() * 4) }, line).join('\n');
      if (random() < 0.6) return lines;
      const at = Math.floor(random() * lines.length);
      return lines.slice(0, at) + pick(damages) + lines.slice(at + Math.floor(random() * 3));
    }

    function line(): string {
      const [name, section] = pick(leaves)[0].split('.').reverse();
      const secret =
        random() < 0.2
          ? `[providers.lab]\n${pick(['api_key', 'headers.authorization'])} = ${pick(secrets)}\n`
          : '';
      return `${secret}${section ? `[${section}]\n` : ''}${name} = ${pick(values)}`;
    }
  },
  holds: ({ refused, crash, unnamed, secret_shown }) =>
    refused! > 0 && crash === 0 && unnamed === 0 && secret_shown === 0,
};
