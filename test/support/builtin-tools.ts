import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, NewAttachment, ToolOutput, ToolSource } from '@synapse/core';
import { createBuiltinTools, type BuiltinToolsOptions } from '@synapse/tools-builtin';

export interface ToolRoom {
  /** Holds everything; the tools may touch `workspace` alone. */
  folder: string;
  workspace: string;
  /** A folder beside the workspace, whose name begins with its name. */
  outside: string;
  tools: ToolSource;
  kept: NewAttachment[];
  call(name: string, input: JsonObject): Promise<ToolOutput>;
  close(): Promise<void>;
}

/** The built-in tools in a folder of their own. */
export async function openToolRoom(
  options: Partial<BuiltinToolsOptions> | ((folder: string) => Partial<BuiltinToolsOptions>) = {},
): Promise<ToolRoom> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'synapse-tools-')));
  const workspace = join(folder, 'ws');
  const outside = join(folder, 'ws-evil');
  await mkdir(workspace);
  await mkdir(outside);
  const kept: NewAttachment[] = [];
  const tools = createBuiltinTools({
    workingDirectory: workspace,
    roots: [],
    protectedPaths: [],
    environment: { PATH: process.env.PATH },
    maxOutputBytes: 64 * 1024,
    sandbox: 'auto',
    allowNetwork: false,
    commandTimeoutMs: 60_000,
    clock: {
      now: () => new Date('2026-01-02T03:04:05Z'),
      monotonicMs: () => performance.now(),
      sleep: async () => undefined,
    },
    async keep(attachment) {
      kept.push(attachment);
      const { bytes, mediaType, name } = attachment;
      return { sha256: String(kept.length), mediaType, name, byteLength: bytes.length };
    },
    ...(typeof options === 'function' ? options(folder) : options),
  });
  return {
    folder,
    workspace,
    outside,
    tools,
    kept,
    call: (name, input) => tools.call(name, input, new AbortController().signal),
    async close() {
      await tools.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
