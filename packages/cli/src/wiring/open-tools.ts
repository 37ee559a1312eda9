import type { AttachmentStore, ParseShell, ToolSource } from '@synapse/core';
import type { App } from '../wiring.ts';
import { openBuiltinTools } from './open-builtin-tools.ts';
import { openMcp } from './open-mcp.ts';

export interface OpenTools {
  sources: ToolSource[];
  parseShell: ParseShell;
  /** Of the tools that are there in any case. */
  builtinNames: string[];
  /** What is wrong with servers that are left out. */
  problems: string[];
  close(): Promise<void>;
}

/** Every tool that the settings know; no server is started yet. */
export async function openTools(
  app: App,
  attachments: Pick<AttachmentStore, 'put'>,
): Promise<OpenTools> {
  const { parseShell } = await import('@synapse/tools-builtin');
  const builtin = await openBuiltinTools(app, attachments);
  const mcp = await openMcp(app, attachments);
  return {
    sources: [builtin, ...(mcp?.sources ?? [])],
    parseShell,
    builtinNames: (await builtin.list(new AbortController().signal)).map(({ name }) => name),
    problems: (mcp?.problems ?? []).map(({ message }) => message),
    async close() {
      await Promise.all([builtin.close(), mcp?.close()]);
    },
  };
}
