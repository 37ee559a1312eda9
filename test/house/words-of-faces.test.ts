import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { replCommands } from '../../packages/cli/src/repl/commands/index.ts';

/** Parts of the command line of other programs, and of CSS; they may look like ours. */
const foreign = [
  'packages/core/src/approval/harmless-options.ts',
  'packages/core/src/approval/risky-arguments.ts',
  'packages/core/src/secrets/redact-secrets.ts',
  'packages/portability/src/html-format.ts',
  'packages/tools-builtin/src/files/ripgrep.ts',
  'packages/tools-builtin/src/sandbox/bubblewrap.ts',
];

const manifest = JSON.parse(readFileSync('packages/cli/oclif.manifest.json', 'utf8')) as {
  commands: Record<string, { flags: Record<string, object> }>;
};
const commands = Object.keys(manifest.commands).map((id) => id.replaceAll(':', ' '));
const flags = new Set(Object.values(manifest.commands).flatMap((one) => Object.keys(one.flags)));

/** A command, a flag, or a slash command as one would be named in a sentence. */
const named = [
  /\bsynapse (?=[a-z-])[^\s'"`]+/g,
  /(?<![\w-])--(?=[a-z])[\w-]+/g,
  new RegExp(
    `[ (]/(${replCommands.map(({ name }) => name).join('|')})(?=[)'"\\s,;]|[.]['"\\s])`,
    'g',
  ),
];

function wordsIn(text: string): string[] {
  return named.flatMap((pattern) => text.match(pattern) ?? []);
}

describe('the commands of the terminal', () => {
  const files = readdirSync('packages', { recursive: true, encoding: 'utf8' })
    .filter((path) =>
      /^(core|portability|(storage|provider|tools)-[a-z]+)[/]src[/].*[.]ts$/.test(path),
    )
    .map((path) => `packages/${path}`)
    .filter((path) => !path.endsWith('.test.ts') && !foreign.includes(path));

  it('are named by no text of core and of the adapters, which name an action instead', () => {
    expect(files.length).toBeGreaterThan(300);
    const found = files.flatMap((path) =>
      wordsIn(readFileSync(path, 'utf8')).map((word) => `${path}: ${word}`),
    );
    expect(found).toEqual([]);
  });

  it.each(['run: synapse keys set x', 'Give --model.', 'Begin another (/new).', 'Use /new'])(
    'would be found in: %s',
    (text) => {
      expect(wordsIn(`'${text}'`)).toHaveLength(1);
    },
  );

  it('exist where the words for an action name them', () => {
    const text = readFileSync('packages/cli/src/output/action-words.ts', 'utf8');
    const lines = text.split(/\bsynapse (?=[a-z])/).slice(1);
    expect(lines.length).toBeGreaterThan(10);
    const unknown = lines.filter((line) => !commands.some((id) => line.startsWith(id)));
    expect(unknown).toEqual([]);
    const given = [...text.matchAll(/(?<!npm.*)--([a-z-]+)/g)].map(([, flag]) => flag);
    expect(given.filter((flag) => !flags.has(flag ?? ''))).toEqual([]);
  });
});
