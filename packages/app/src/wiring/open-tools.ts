import type { AttachmentStore, ParseShell, ToolSource } from '@synapse/core';
import { quoteWord } from '@synapse/core/words';
import type { App } from '../wiring.ts';
import { openBuiltinTools } from './open-builtin-tools.ts';
import { openMcp, type McpServer } from './open-mcp.ts';

export interface OpenTools {
  sources: ToolSource[];
  parseShell: ParseShell;
  /** The built-in tools. */
  builtinNames: string[];
  /** The problems of servers that are left out. */
  problems: string[];
  /** Problems found since then: unusable servers, and tools that are held back. */
  failures(): string[];
  close(): Promise<void>;
}

/** For each server, the missing tools and the reason. */
function failuresOf(source: McpServer): string[] {
  const { name, state, reason, changed, notes } = source.status();
  const server = `The MCP server "${name}"`;
  if (state === 'failed' || (source.isLeftOut && state !== 'closed')) {
    return [`${server} is left out (${(reason ?? 'failed').replace(/\.$/, '')}).`];
  }
  const [note] = notes;
  const test = `synapse mcp test ${quoteWord(name)}`;
  const more = notes.length > 1 ? ` ${notes.length - 1} more problems: ${test}` : '';
  const toApprove = `synapse mcp tools ${quoteWord(name)}`;
  return [
    ...(changed.length > 0
      ? [`${server} has changed tools, which are held back: ${toApprove}`]
      : []),
    ...(note === undefined ? [] : [`${server}: ${note}${more}`]),
  ];
}

/** Every tool that the settings allow; no server is started yet. */
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
    failures: () => (mcp?.sources ?? []).flatMap(failuresOf),
    async close() {
      await Promise.all([builtin.close(), mcp?.close()]);
    },
  };
}
