import { SynapseError, systemClock, UsageError, type Clock, type ToolSource } from '@synapse/core';
import type { BuiltinTool } from './builtin-tool.ts';
import { capOutput, type OutputCap } from './cap-output.ts';
import { createEditTool } from './files/edit.ts';
import { createGlobTool } from './files/glob.ts';
import { createGrepTool } from './files/grep.ts';
import { createListTool } from './files/list.ts';
import { createReadTool } from './files/read.ts';
import { createWriteTool } from './files/write.ts';
import { createNowTool } from './now.ts';
import { createShellTool, type ShellToolOptions } from './shell/shell.ts';
import { createFetchTool, type FetchToolOptions } from './web/fetch.ts';
import { resolveBySystem } from './web/resolve-host.ts';
import { Workspace, type WorkspaceOptions } from './workspace/workspace.ts';

type AllOptions = WorkspaceOptions &
  OutputCap &
  Omit<ShellToolOptions, 'workspace'> &
  FetchToolOptions & { clock: Clock };

export type BuiltinToolsOptions = Pick<AllOptions, 'workingDirectory' | 'environment' | 'keep'> &
  Partial<AllOptions>;

const defaults = {
  roots: [],
  protectedPaths: [],
  maxOutputBytes: 64 * 1024,
  sandbox: 'auto',
  findSandbox: findSandboxHere,
  allowNetwork: false,
  commandTimeoutMs: 120_000,
  resolve: resolveBySystem,
  clock: systemClock,
} satisfies Partial<AllOptions>;

/** The built-in tools of Synapse. Their calls are already approved. */
export function createBuiltinTools(given: BuiltinToolsOptions): ToolSource {
  const options: AllOptions = { ...defaults, ...given };
  const { environment, clock, maxOutputBytes } = options;
  const workspace = new Workspace(options);
  const tools: BuiltinTool[] = [
    createReadTool(workspace, maxOutputBytes),
    createWriteTool(workspace),
    createEditTool(workspace),
    createListTool(workspace),
    createGlobTool(workspace),
    createGrepTool(workspace, environment.PATH),
    createShellTool({ ...options, workspace }),
    createFetchTool(options),
    createNowTool(clock),
  ];
  const byName = new Map(tools.map((one) => [one.tool.name, one]));

  return {
    name: 'builtin',
    async list() {
      return tools.map(({ tool }) => tool);
    },
    async call(name, input, signal) {
      signal.throwIfAborted();
      const tool = byName.get(name);
      if (!tool) throw new UsageError(`There is no built-in tool "${name}".`);
      try {
        return await capOutput(await tool.run(input, signal), options);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof SynapseError)) throw error;
        const text = [error.message, error.hint].filter((part) => part !== undefined).join(' ');
        return { output: text, isError: true, attachments: [] };
      }
    },
    async close() {
      // Nothing outlives its call.
    },
  };
}

async function findSandboxHere(): ReturnType<ShellToolOptions['findSandbox']> {
  const { findSandbox } = await import('./sandbox/find-sandbox.ts');
  return findSandbox();
}
