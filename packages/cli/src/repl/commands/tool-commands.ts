import { UsageError } from '@synapse/core';
import type { ToolMode } from '@synapse/core/conversation';
import { toSafeText, toTable } from '@synapse/terminal';
import { countOf } from '@synapse/core/words';
import { readMcp } from '@synapse/app/wiring/open-mcp';
import { readToolOutput } from '../../agent/read-tool-output.ts';
import type { Repl } from '../repl.ts';
import type { ReplCommand } from '../repl-command.ts';

const modes: Record<ToolMode, string> = {
  none: 'the model may use no tools',
  read: 'only tools that read',
  all: 'all tools; changes need approval',
  plan: 'the model only reads, and describes what it would do',
};

const MOST_CALLS_BACK = 100;

const tools: ReplCommand = {
  name: 'tools',
  argument: '[none|read|all|plan]',
  summary: 'show or change the tools that the model may use',
  complete: () => Object.entries(modes).map(([value, description]) => ({ value, description })),
  async run(repl, mode) {
    if (mode === '') return listTools(repl);
    if (!isMode(mode)) {
      throw new UsageError(`"${mode.slice(0, 40)}" is not a tool mode.`, {
        hint: `Choose one of: ${Object.keys(modes).join(', ')}.`,
      });
    }
    await repl.agent.switchTo(mode);
    notifyOfMode(repl);
  },
};

const plan: ReplCommand = {
  name: 'plan',
  argument: '[on|off]',
  summary: 'let the model only read and plan, or act again',
  complete: () => [{ value: 'on' }, { value: 'off' }],
  async run(repl, argument) {
    if (!['', 'on', 'off'].includes(argument)) throw new UsageError('/plan takes "on" or "off".');
    const isOn = argument === '' ? repl.agent.mode !== 'plan' : argument === 'on';
    await repl.agent.switchTo(isOn ? 'plan' : 'all');
    notifyOfMode(repl);
  },
};

const allow: ReplCommand = {
  name: 'allow',
  argument: '<rule>',
  summary:
    'run matching calls without approval until you exit, such as "shell: git log *" or "write"',
  run({ agent, display }, text) {
    if (text === '') {
      throw new UsageError('/allow needs a rule.', {
        hint: 'For example: /allow shell: git log *',
      });
    }
    display.notify(`allowed until you exit: ${agent.allow(text)}`);
  },
};

const mcp: ReplCommand = {
  name: 'mcp',
  summary: 'show the MCP servers and their tools',
  async run(repl) {
    const { servers, problems } = await readMcp(repl.app);
    for (const { message } of problems) repl.display.notify(message);
    if (servers.length === 0) {
      repl.display.notify('no MCP servers; synapse mcp add adds one');
      return;
    }
    const rows = servers.map(({ name, transport, isDisabled }) =>
      toSafeText(`${name}  ${transport.type}${isDisabled ? '  off' : ''}`),
    );
    repl.display.print(`${rows.join('\n')}\n`);
    await listTools(repl, (name) => name.startsWith('mcp__'));
  },
};

const output: ReplCommand = {
  name: 'output',
  argument: '[n]',
  summary: 'show all that the last tool call returned, or the one n calls before the end',
  async run({ conversation, display }, argument) {
    const back = argument === '' ? 1 : Number(argument);
    if (!Number.isInteger(back) || back < 1 || back > MOST_CALLS_BACK) {
      throw new UsageError(`/output takes a number from 1 to ${MOST_CALLS_BACK}.`, {
        hint: '1 is the last call, 2 the call before it.',
      });
    }
    const messages = await conversation.newest(MOST_CALLS_BACK, { role: 'tool' });
    const results = messages.flatMap(({ parts }) =>
      parts.filter((part) => part.type === 'tool-result'),
    );
    const result = results.at(-back);
    if (!result) throw new UsageError(`There are ${countOf(results.length, 'tool call')} so far.`);
    const { lines, remarks } = readToolOutput(result);
    const { showPatch } = await import('@synapse/terminal/diff');
    const rows = result.isError ? undefined : showPatch(result.output, display);
    const title = display.style.bold(toSafeText([result.name, ...remarks].join(' · ')));
    await display.page(`${[title, ...(rows ?? lines)].join('\n')}\n`);
  },
};

async function listTools(
  repl: Repl,
  isShown: (name: string) => boolean = () => true,
): Promise<void> {
  const { agent, display } = repl;
  const { sources = [] } = agent.tools ?? {};
  const offered = await repl.wait('loading the tools …', async (signal) => {
    const lists = await Promise.all(sources.map((source) => source.list(signal)));
    return lists.flat().filter(({ name }) => isShown(name));
  });
  const table = toTable(
    [
      { title: 'Tool', text: ({ name }) => name },
      { title: 'May', text: ({ effect }) => effect },
      { title: 'What it does', text: ({ description }) => description, isFlexible: true },
    ],
    offered,
    { style: display.style, columns: display.isTerminal ? display.columns : undefined },
  );
  if (offered.length > 0) display.print(table);
  notifyOfMode(repl);
}

function notifyOfMode({ agent, display }: Repl): void {
  display.notify(`tools: ${agent.mode} (${modes[agent.mode]})`);
}

function isMode(text: string): text is ToolMode {
  return Object.hasOwn(modes, text);
}

export const toolCommands = [tools, plan, allow, output, mcp];
