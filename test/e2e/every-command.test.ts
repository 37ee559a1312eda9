import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allCommands } from '@synapse/test/support/all-commands';
import { FurnishedHome } from '@synapse/test/support/furnished-home';
import { readOutput } from '@synapse/test/support/output-schema';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { eventStream } from '@synapse/test/support/replies';
import { chatReply } from '@synapse/test/support/scripted-openai';
import { anthropicWire } from '@synapse/test/support/wire/anthropic-wire';

const commands = await allCommands();
/** Those that print nothing that a program would read, or are read by one alone. */
const withoutJson = ['chat', 'completion', 'config edit', 'help', 'mcp serve'];
const destructive = [
  ...['sessions clear', 'sessions delete', 'sessions prune', 'sessions undo'],
  ...['db migrate', 'db restore', 'db rollback', 'keys remove', 'mcp remove'],
];

/** The schema of what a command prints, where it is not called like the command. */
const schemas: Record<string, string> = {
  ask: 'result',
  'sessions undo': 'session-show',
  ...named('session-list', 'sessions', ['archive', 'unarchive', 'pin', 'unpin', 'restore']),
  ...named('session-change', 'sessions', ['clear', 'fork', 'rename', 'tag', 'untag']),
  ...named('session-change', 'context', ['pin', 'unpin', 'reset']),
};
const schemaOf = (id: string) =>
  schemas[id] ?? id.replace('sessions', 'session').replaceAll(' ', '-');

function named(schema: string, topic: string, verbs: string[]): Record<string, string> {
  return Object.fromEntries(verbs.map((verb) => [`${topic} ${verb}`, schema]));
}

/** Writes the agent, the command and the skill of the examples. */
const withProfiles = [
  'mkdir -p .config/synapse/agents .config/synapse/commands .agents/skills/style',
  `printf '%s\\n' --- 'name: reviewer' --- 'Review.' > .config/synapse/agents/reviewer.md`,
  `echo 'Explain {{args}}' > .config/synapse/commands/explain.md`,
  `printf '%s\\n' --- 'name: style' 'description: Style' --- > .agents/skills/style/SKILL.md`,
].join(' && ');

/** What an example takes for granted, besides what is furnished. */
const before: Record<string, string> = {
  'agents list': withProfiles,
  'agents show': withProfiles,
  'commands list': withProfiles,
  'commands show': withProfiles,
  'skills list': withProfiles,
  'skills show': withProfiles,
  'trust list': 'synapse trust add',
  'trust remove': 'synapse trust add',
  'sessions restore': 'synapse sessions delete my-project --yes',
  'sessions untag': 'synapse sessions tag my-project work urgent',
  'sessions unarchive': 'synapse sessions archive my-project',
  'context unpin': 'synapse context pin my-project 3',
  'sessions export': 'rm backup.ndjson',
  'config init': 'rm .config/synapse/config.toml',
  'keys set': 'exec < key.txt',
  import: [
    'mkdir -p .claude/projects .codex/sessions',
    `echo '{"type":"user","sessionId":"s","message":{"content":"Hi"}}' > .claude/projects/s.jsonl`,
    `echo '[{"uuid":"u","chat_messages":[{"uuid":"m","sender":"human","text":"Hi"}]}]' > conversations.json`,
  ].join(' && '),
  'mcp add': 'synapse mcp remove files --yes',
  serve: 'synapse config set serve.port 0',
  'providers test': 'synapse config set aliases.fast anthropic/claude-haiku-4-5',
  'synapse sessions rename lisbon "Trip to Porto" --handle porto':
    'synapse sessions rename my-project --handle lisbon',
};

/** Stops a server as soon as it prints where it listens, and ends as the server does. */
function untilItListens(example: string): string {
  return `mkfifo out; ${example} > out & read -r line < out; echo "$line"; kill $!; wait $!`;
}

describe('a command', () => {
  const postgres = usePostgres();
  let double: ProviderDouble;
  let furnished: FurnishedHome;
  beforeAll(async () => {
    double = await openProviderDouble();
    const text = ['```sh\nwc -w\n```'];
    double.script(({ path }) =>
      path.endsWith('/messages') ? eventStream(...anthropicWire({ text })) : chatReply({ text }),
    );
    furnished = await new FurnishedHome(double).furnish();
  });
  afterAll(async () => {
    await double.close();
    furnished.remove();
  });

  /** Runs in a home of its own that is furnished as the help takes for granted. */
  const run = async (id: string, example: string) => {
    const home = new FurnishedHome(double);
    try {
      cpSync(furnished.folder, home.folder, { recursive: true, force: true });
      const plain = example.replace('postgres://me@localhost/synapse', '"$POSTGRES"');
      const script = id === 'serve' ? untilItListens(plain) : plain;
      return await home.inShell(
        `{ ${before[example] ?? before[id] ?? ':'}; } >/dev/null\n${script}`,
        {
          POSTGRES: example.includes('postgres:') ? await postgres.newDatabase() : '',
          TOKEN: 'x',
          ANTHROPIC_BASE_URL: double.url,
        },
      );
    } finally {
      home.remove();
    }
  };

  it.each(commands)('has a help with examples that work: %s', async (id, { examples }) => {
    const words = id === 'ask' ? ['--help'] : ['help', ...id.split(' ')];
    const help = await furnished.run(words);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain(id === 'ask' ? 'Usage' : `synapse ${id}`);
    expect(examples.length).toBeGreaterThan(0);
    const failures = await Promise.all(
      examples.map(async (example) => {
        expect(help.stdout.split('\n')).toContain(`  $ ${example}`);
        const { stderr, exitCode } = await run(id, example);
        return exitCode === 0 ? '' : stderr;
      }),
    );
    expect(failures).toEqual(examples.map(() => ''));
  });

  const withJson = commands.filter(([, { flags }]) => 'json' in flags);

  it.each(withJson)('prints JSON that fits its schema: %s', async (id, { examples }) => {
    const alone = examples.filter((example) => !/[|<>]/.test(example));
    const plain = alone.find((example) => example.includes('--yes')) ?? alone[0] ?? '';
    const [, beginning = '', rest = ''] = /^(synapse.*?)( --( .*)?)?$/.exec(plain) ?? [];
    const withFlag = plain.includes('--json') ? plain : `${beginning} --json${rest}`;
    const { stdout, stderr, exitCode } = await run(id, withFlag);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(readOutput(schemaOf(id), stdout)).toMatchObject({ v: 1 });
  });

  it('has --json, unless its output is not for programs', () => {
    const without = commands.flatMap(([id, { flags }]) => ('json' in flags ? [] : [id]));
    expect(without).toEqual(withoutJson);
  });

  it('has no unused schema', () => {
    const parts = [
      'error',
      'export-file',
      'export-line',
      'message',
      'ndjson-event',
      'part',
      'session',
      'dry-run',
    ];
    const files = readdirSync(join(process.cwd(), 'packages/cli/schemas'));
    expect(files.map((name) => name.replace('.json', '')).sort()).toEqual(
      [...new Set([...withJson.map(([id]) => schemaOf(id)), ...parts])].sort(),
    );
  });

  it('uses camelCase names in every schema', () => {
    const folder = join(process.cwd(), 'packages/cli/schemas');
    const namesIn = (value: unknown): string[] => {
      if (typeof value !== 'object' || value === null) return [];
      const { properties } = value as { properties?: object };
      return [...Object.keys(properties ?? {}), ...Object.values(value).flatMap(namesIn)];
    };
    const names = readdirSync(folder).flatMap((name) =>
      namesIn(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
    );
    expect(names).toContain('nextCursor');
    expect(names.filter((name) => !/^[a-z][A-Za-z0-9]*$/.test(name))).toEqual([]);
  });

  it('has --dry-run and --yes if it removes something', () => {
    const asking = commands.flatMap(([id, { flags }]) => ('yes' in flags ? [id] : []));
    expect(asking).toEqual(destructive.sort());
    const dry = commands.flatMap(([id, { flags }]) => ('dry-run' in flags ? [id] : []));
    expect(dry).toEqual(expect.arrayContaining(asking));
  });
});
