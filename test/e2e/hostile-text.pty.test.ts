import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { scriptedServer } from '@synapse/test/support/mcp-testbed';
import { openProviderDouble, type ProviderDouble } from '@synapse/test/support/provider-double';
import { openPtyScreen, type PtyScreen } from '@synapse/test/support/pty-screen';
import { jsonReply } from '@synapse/test/support/replies';
import { SynapseHome } from '@synapse/test/support/run-synapse';
import { chatReply, setUpDouble } from '@synapse/test/support/scripted-openai';
import { hiding, printable, terminalPayloads } from '@synapse/test/support/terminal-payloads';

/** On a line of its own each, for one that is not ended swallows the rest of its line. */
const hostile = terminalPayloads.map((payload) => `evil${payload}`).join('\n');
const hostileLine = terminalPayloads.map((payload) => `evil${payload}\u001b\\`).join(' ');
/** For what can hold no NUL and no line end: names of files, variables, arguments. */
const hostileName = hostileLine.replaceAll(/[\0\n/]/g, '').slice(0, 90);

interface Place {
  home: SynapseHome;
  double: ProviderDouble;
}

interface Case {
  args: string[];
  given?(place: Place): unknown;
  environment?: Record<string, string>;
  exit?: number;
}

const asked = ['--tools', 'none', 'hello'];
const titled = async ({ home }: Place) => {
  await home.run(['-s', 'x', ...asked]);
  await home.run(['sessions', 'rename', 'x', hostileLine.replaceAll('\0', '')]);
  await home.run(['sessions', 'tag', 'x', 'work']);
};
const calls =
  (command: string) =>
  ({ double }: Place) =>
    double.script(
      chatReply({
        toolCalls: [{ id: '1', name: 'shell', arguments: [JSON.stringify({ command })] }],
      }),
      chatReply({ text: ['done'] }),
    );
const refuses = ({ double }: Place) =>
  double.script(jsonReply(400, { error: { message: hostile } }));
const writes =
  (name: string, content: string) =>
  ({ home }: Place) => {
    mkdirSync(join(home.folder, '.config/synapse'), { recursive: true });
    writeFileSync(join(home.folder, name), content);
  };

/** Every way on which foreign text comes to the screen. */
const paths: Record<string, Case> = {
  'an answer': { args: asked },
  'an answer as it was written': { args: ['--raw', ...asked] },
  'the output of a tool': {
    args: ['--yolo', 'hello'],
    given: calls(`printf '%s' "$EVIL"`),
    environment: { EVIL: hostileName },
  },
  'the arguments of a tool': { args: ['--yolo', 'hello'], given: calls(`: ${hostile}`) },
  'the name of a tool': {
    args: ['--yolo', 'hello'],
    given: ({ double }) =>
      double.script(
        chatReply({ toolCalls: [{ id: '1', name: hostileLine, arguments: ['{}'] }] }),
        chatReply({ text: ['done'] }),
      ),
  },
  'a file that is attached': {
    args: ['-f', hostileName, '-v', ...asked],
    given: writes(hostileName, hostile.replaceAll('\0', '')),
  },
  'a file that is not there': { args: ['-f', hostileName, 'hello'], exit: 66 },
  'an error of a provider': { args: asked, given: refuses, exit: 69 },
  'an error, with the log': { args: ['-v', ...asked], given: refuses, exit: 69 },
  'a title in a list': { args: ['sessions', 'list'], given: titled },
  'a title in a search': { args: ['sessions', 'search', 'hello'], given: titled },
  'a title to confirm': { args: ['sessions', 'delete', 'x', '--dry-run'], given: titled },
  'a session that is shown': {
    args: ['sessions', 'show', 'last', '--no-pager'],
    given: ({ home }) => home.run(asked),
  },
  'a session that is not there': { args: ['sessions', 'show', hostileName], exit: 66 },
  'a preview': { args: ['sessions', 'list'], given: ({ home }) => home.run(asked) },
  'a setting': { args: ['config', 'list'], environment: { SYNAPSE_MODEL: hostileName } },
  'a setting that is explained': {
    args: ['config', 'explain', 'model'],
    environment: { SYNAPSE_MODEL: hostileName },
  },
  'a setting by itself': {
    args: ['config', 'get', 'model'],
    environment: { SYNAPSE_MODEL: hostileName },
  },
  'a setting that is wrong': {
    args: ['config', 'list'],
    environment: { SYNAPSE_LOG: hostileName },
    exit: 78,
  },
  'a settings file': {
    args: ['config', 'validate'],
    given: writes(
      '.config/synapse/config.toml',
      `"${hostileName.replaceAll(/[\\"\u0000-\u001f\u007f]/g, '')}" = 1\n[session]\nmax_sessions = "\\u001b]0;evil\\u0007"\n`,
    ),
    exit: 78,
  },
  'the name of an MCP server': {
    args: ['mcp', 'list'],
    given: writes(
      '.config/synapse/mcp_servers.json',
      JSON.stringify({ mcpServers: { [hostileLine]: { command: hostileLine } } }),
    ),
  },
  'the words of an MCP server': {
    args: ['mcp', 'tools'],
    given: writes(
      '.config/synapse/mcp_servers.json',
      JSON.stringify({
        mcpServers: { one: { command: process.execPath, args: [scriptedServer, 'hostile'] } },
      }),
    ),
  },
  'an MCP server that is tried': {
    args: ['mcp', 'test'],
    given: writes(
      '.config/synapse/mcp_servers.json',
      JSON.stringify({
        mcpServers: { one: { command: process.execPath, args: [scriptedServer, 'hostile'] } },
      }),
    ),
  },
  'a flag': { args: [`--${hostileName}`], exit: 2 },
};

describe('text of others on a terminal', () => {
  let place: Place;
  let screen: PtyScreen | undefined;
  beforeEach(async () => {
    const home = new SynapseHome();
    const double = await openProviderDouble();
    setUpDouble(home, double);
    double.script(chatReply({ text: ['Said: ', ...hostile.match(/[^]{1,7}/g)!] }));
    place = { home, double };
  });
  afterEach(async () => {
    screen?.kill();
    await place.double.close();
    place.home.remove();
  });

  it.each(Object.entries(paths))('does nothing to it: %s', async (_path, path) => {
    await path.given?.(place);
    // On such a terminal we send no sequences either, so that each would be one of theirs.
    screen = openPtyScreen({
      file: join(process.cwd(), 'packages/cli/bin/synapse.cjs'),
      arguments: path.args,
      ...{ columns: 200, rows: 60, workingDirectory: place.home.folder },
      environment: { ...place.home.environment, TERM: 'dumb', PAGER: 'cat', ...path.environment },
    });
    const exitCode = await screen.exited;
    const shown = screen.raw().replaceAll('\r\n', '\n');
    expect([exitCode, shown]).toEqual([path.exit ?? 0, expect.stringMatching(printable)]);
    expect(shown).not.toMatch(hiding);
    expect(shown).not.toBe('');
  });
});
