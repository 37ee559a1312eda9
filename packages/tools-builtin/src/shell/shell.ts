import { randomUUID } from 'node:crypto';
import { InvalidDataError, NotPermittedError } from '@synapse/core';
import { defineTool, type BuiltinTool, type ToolAnswer } from '../builtin-tool.ts';
import type { SandboxedCommand, SandboxSearch } from '../sandbox/sandbox.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { commandEnvironment } from './command-environment.ts';
import { withClosedFiles, withLimits } from './limits.ts';
import type { CommandResult } from './run-command.ts';

const MAX_TIMEOUT_SECONDS = 3600;

export interface ShellToolOptions {
  workspace: Workspace;
  environment: NodeJS.ProcessEnv;
  /**
   * `auto`: without a sandbox, the user approves each call; `required`: without a sandbox, no
   * command runs.
   */
  sandbox: 'auto' | 'required' | 'off';
  findSandbox: () => Promise<SandboxSearch>;
  allowNetwork: boolean;
  commandTimeoutMs: number;
}

interface ShellInput {
  command: string;
  timeout?: number;
}

export function createShellTool(options: ShellToolOptions): BuiltinTool {
  const { sandbox, allowNetwork, commandTimeoutMs } = options;
  let search: Promise<SandboxSearch> | undefined;
  const find = (): Promise<SandboxSearch> => (search ??= options.findSandbox());
  const problem = async (): Promise<string | null> => {
    if (sandbox === 'off') return null;
    const found = await find();
    if ('sandbox' in found) return null;
    return (
      `The command would run without a sandbox. ${found.problem} ` +
      'With tools.sandbox set to "off", the rules alone decide.'
    );
  };
  const seconds = Math.round(commandTimeoutMs / 1000);

  return defineTool<ShellInput>({
    name: 'shell',
    description:
      'Runs a command line in the working directory and returns its output and exit code. There ' +
      'is no terminal and no input; all processes that it starts end with it. ' +
      (allowNetwork || sandbox === 'off' ? '' : 'Usually it cannot reach the network. ') +
      'Prefer the other tools for reading, writing and searching files.',
    inputSchema: {
      type: 'object',
      properties: {
        command: { type: 'string', minLength: 1, description: 'A command line for bash.' },
        timeout: {
          type: 'integer',
          minimum: 1,
          description: `The time limit in seconds; by default ${seconds}, at most ${MAX_TIMEOUT_SECONDS}.`,
        },
      },
      required: ['command'],
      additionalProperties: false,
    },
    effect: 'execute',
    subject: { argument: 'command', kind: 'command' },
    mustAsk: problem,
    async run({ command, timeout = seconds }, signal) {
      if (command.includes('\0')) {
        throw new InvalidDataError('A command cannot contain a NUL character.');
      }
      const timeoutSeconds = Math.min(timeout, MAX_TIMEOUT_SECONDS);
      const found = sandbox === 'off' ? { problem: 'off' } : await find();
      if ('problem' in found && sandbox === 'required') {
        throw new NotPermittedError(`Commands only run in a sandbox here. ${found.problem}`, {
          hint: 'Install it, or set tools.sandbox to "auto" or "off".',
        });
      }
      const { notes, result } = await execute(command, found, timeoutSeconds, options, signal);
      signal.throwIfAborted();
      return toAnswer(result, timeoutSeconds, notes);
    },
  });
}

async function execute(
  line: string,
  search: SandboxSearch,
  timeoutSeconds: number,
  { workspace, environment, allowNetwork }: ShellToolOptions,
  signal: AbortSignal,
): Promise<{ result: CommandResult; notes: string[] }> {
  const { runCommand } = await import('./run-command.ts');
  const { startWatchdog } = await import('./watchdog.ts');
  const roots = await workspace.roots();
  const [workingDirectory = workspace.workingDirectory] = roots;
  const marker = randomUUID();
  const request = {
    command: withLimits(line, 'sandbox' in search),
    workingDirectory,
    roots,
    protectedPaths: await workspace.protectedPaths(),
    environment: { ...(await commandEnvironment(environment, roots)), SYNAPSE_COMMAND: marker },
    allowNetwork,
  };
  const bare: SandboxedCommand = {
    ...request,
    descriptor: null,
    watch: () => () => undefined,
    mustNotAppear: [],
    finish: async () => [],
  };
  const prepared = 'sandbox' in search ? await search.sandbox.prepare(request) : bare;
  const { mustNotAppear, descriptor } = prepared;
  const watchdog = startWatchdog({ marker, timeoutSeconds, mustNotAppear });
  let notes: string[] = [];
  let result: CommandResult;
  try {
    result = await runCommand({
      ...prepared,
      command: withClosedFiles(prepared.command, descriptor ? 3 : 2),
      workingDirectory,
      marker,
      timeoutMs: timeoutSeconds * 1000,
      signal,
      onStart: (group) => watchdog.guard(group),
    });
  } finally {
    notes = await prepared.finish();
    watchdog.dismiss();
  }
  return { result, notes };
}

function toAnswer(
  result: CommandResult,
  timeoutSeconds: number,
  notes: readonly string[],
): ToolAnswer {
  const { output, exitCode, endedBy } = result;
  const endings: Record<CommandResult['endedBy'], string> = {
    itself:
      exitCode === 0
        ? ''
        : exitCode === null
          ? 'It was stopped by a signal.'
          : `Exit code ${exitCode}.`,
    timeout: `It was stopped after ${timeoutSeconds} seconds.`,
    output: 'It was stopped because it wrote too much.',
    abort: 'It was interrupted.',
    forbidden:
      'It was stopped because it created a file that other programs act on as soon as it exists.',
  };
  const remarks = [endings[endedBy], ...notes].filter((remark) => remark !== '');
  const text = output.toString('utf8');
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  const end = remarks.map((remark) => `[${remark}]`).join('\n');
  return {
    text:
      text === '' && end === '' ? '[No output.]' : `${text}${end === '' ? '' : separator}${end}`,
    isError: endedBy !== 'itself' || exitCode !== 0,
  };
}
