import { describe, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { replCommands } from './commands/index.ts';
import { createCompleter } from './complete-input.ts';
import type { Repl } from './repl.ts';
import { findCommand, parseInput, runSlashCommand } from './run-slash-command.ts';

/** Commands that are refused, and the names of commands, need nothing of it but where to look for files. */
const nowhere = '/nowhere';
const noRepl = {
  app: { here: nowhere, environment: { HOME: nowhere }, places: { configFolder: nowhere } },
} as unknown as Repl;
const asked = [
  ...['help', 'exit', 'new', 'sessions', 'switch', 'history', 'search', 'title', 'tag', 'pin'],
  ...[
    'model',
    'provider',
    'system',
    'retry',
    'undo',
    'redo',
    'edit-last',
    'variants',
    'fork',
    'clear',
    'cost',
  ],
  ...['usage', 'export', 'import', 'copy', 'save', 'attach', 'image', 'verbose', 'config', 'theme'],
  ...['tools', 'plan', 'allow', 'output', 'mcp', 'context', 'compact', 'thinking', 'doctor'],
  ...['agent', 'instructions'],
];

describe('parseInput', () => {
  it('distinguishes commands from prompts', () => {
    expect(parseInput('/tag  a b ')).toEqual({ type: 'command', name: 'tag', rest: 'a b ' });
    expect(parseInput('/system one\ntwo')).toMatchObject({ rest: 'one\ntwo' });
    expect(parseInput('/')).toEqual({ type: 'command', name: '', rest: '' });
    expect(parseInput('say /tag')).toEqual({ type: 'prompt', text: 'say /tag' });
    expect(parseInput('//etc/hosts')).toEqual({ type: 'prompt', text: '/etc/hosts' });
    expect(parseInput(' /tag')).toEqual({ type: 'prompt', text: ' /tag' });
    expect(parseInput('exit')).toMatchObject({ type: 'command', name: 'exit' });
    expect(parseInput('quit ')).toMatchObject({ type: 'command', name: 'exit' });
    expect(parseInput('exit code')).toEqual({ type: 'prompt', text: 'exit code' });
  });
});

describe('runSlashCommand', () => {
  it('has each command once, with a summary', () => {
    expect(replCommands.map(({ name }) => name).sort()).toEqual(asked.sort());
    expect(replCommands.every(({ summary }) => summary.length > 0)).toBe(true);
  });

  it('accepts the common aliases of a command, each for one command', () => {
    expect(findCommand('quit')?.name).toBe('exit');
    expect(findCommand('resume')?.name).toBe('switch');
    const names = replCommands.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('suggests the nearest command for an unknown one', async () => {
    await expect(runSlashCommand(noRepl, 'serach', 'x')).rejects.toMatchObject({
      message: '"/serach" is not a command.',
      hint: expect.stringContaining('/search') as unknown,
    });
    await expect(runSlashCommand(noRepl, 'constructor', '')).rejects.toThrow('is not a command');
  });

  it('rejects arguments for a command without arguments', async () => {
    await expect(runSlashCommand(noRepl, 'undo', 'everything')).rejects.toThrow(
      'takes no arguments',
    );
  });
});

describe('createCompleter', () => {
  const complete = async (text: string) => {
    const { signal } = new AbortController();
    const { start, candidates } = await createCompleter(noRepl)({
      text,
      cursor: text.length,
      signal,
    });
    return { start, values: candidates.map(({ value }) => value) };
  };

  it('completes commands and their arguments', async () => {
    expect(await complete('/ex')).toEqual({ start: 0, values: ['/exit', '/export '] });
    expect(await complete('/theme m')).toEqual({ start: 7, values: ['mono'] });
    expect(await complete('/undo ')).toMatchObject({ values: [] });
  });

  it('completes models, sessions and the files that a text names', async () => {
    const store = createMemoryStore();
    await store.sessions.create({ id: newId(), handle: 'thesis', createdAt: new Date() });
    const model = { setup: { name: 'anthropic', model: 'claude-haiku-4-5' } };
    const app = { settings: { aliases: { fast: 'openai/gpt-5-mini' } } };
    const repl = { store, app, conversation: { model } } as unknown as Repl;
    const valuesOf = async (text: string) => {
      const { signal } = new AbortController();
      const request = { text, cursor: text.length, signal };
      return (await createCompleter(repl)(request)).candidates.map(({ value }) => value);
    };
    expect(await valuesOf('/model fa')).toEqual(['fast']);
    expect(await valuesOf('/model claude-haiku-4-5')).toEqual(['claude-haiku-4-5']);
    expect(await valuesOf('/switch th')).toEqual(['thesis']);
    expect(await valuesOf('look at @packages/cl')).toEqual(['packages/cli/']);
    expect(await valuesOf('write me@packages/cl')).toEqual([]);
  });

  it('offers nothing for text that goes to the model', async () => {
    for (const text of ['', 'hello', '//ex', 'say /ex']) {
      expect(await complete(text)).toMatchObject({ values: [] });
    }
  });
});
