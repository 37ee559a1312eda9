import { ConfigError, UsageError } from '@synapse/core';
import { changeFile, UnwritableFileError } from '@synapse/core/files';
import { EntryReader } from './entry-reader.ts';
import { openMcpFile } from './mcp-file.ts';
import { toServerSettings } from './to-server-settings.ts';

/** An entry as it is in the file; variables stay as `${NAME}`. */
export interface McpServerEntry {
  command?: string;
  args?: string[];
  env?: Record<string, string>;
  cwd?: string;
  type?: 'stdio' | 'http' | 'sse';
  url?: string;
  headers?: Record<string, string>;
  timeout?: number;
  disabled?: boolean;
  includeTools?: string[];
  excludeTools?: string[];
  trustReadOnlyHints?: boolean;
}

export interface AddOptions {
  file: string;
  name: string;
  entry: McpServerEntry;
  /** If false, an existing server with this name is an error. */
  replace: boolean;
}

/**
 * Adds a server and keeps everything else in the file, including comments; only a neighbour on a
 * single line may be spread over several.
 */
export async function addMcpServer({ file, name, entry, replace }: AddOptions): Promise<void> {
  checkEntry(name, entry, file);
  const { default: jsonc } = await import('jsonc-parser');
  await edit(file, { name, entry }, async () => {
    const opened = await openMcpFile(file);
    const { text, tree } = opened?.tree ? opened : { text: '{}\n', tree: undefined };
    const table = tree && jsonc.findNodeAtLocation(tree, ['mcpServers']);
    if ((tree && tree.type !== 'object') || (table && table.type !== 'object')) {
      throw new ConfigError(`${file} has no table of servers, so no server can be added.`);
    }
    const existing = tree && jsonc.findNodeAtLocation(tree, ['mcpServers', name]);
    if (existing && !replace) {
      throw new ConfigError(`${file} already has a server "${name}".`, {
        action: { name: 'replace-tool-server', text: 'Replace it, or choose another name.' },
      });
    }
    return text;
  });
}

/** Returns whether the server existed. */
export async function removeMcpServer(file: string, name: string): Promise<boolean> {
  // Creates no file if there is nothing to remove.
  if (!(await hasMcpServer(file, name))) return false;
  return edit(file, { name, entry: undefined }, () => textWith(file, name));
}

/** Whether the file has such a server, valid or not. */
export async function hasMcpServer(file: string, name: string): Promise<boolean> {
  return (await textWith(file, name)) !== undefined;
}

async function textWith(file: string, name: string): Promise<string | undefined> {
  const { default: jsonc } = await import('jsonc-parser');
  const opened = await openMcpFile(file);
  const entry = opened?.tree && jsonc.findNodeAtLocation(opened.tree, ['mcpServers', name]);
  return entry && opened.text;
}

/**
 * Changes the text that `open` reads while no other process changes the file; returns whether there
 * was a text.
 */
async function edit(
  file: string,
  { name, entry }: { name: string; entry: McpServerEntry | undefined },
  open: () => Promise<string | undefined>,
): Promise<boolean> {
  const { default: jsonc } = await import('jsonc-parser');
  try {
    return await changeFile(file, async (write) => {
      const text = await open();
      if (text === undefined) return false;
      const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
      const formattingOptions = {
        insertSpaces: !indent.startsWith('\t'),
        tabSize: indent.length,
        eol: text.includes('\r\n') ? '\r\n' : '\n',
      };
      const edits = jsonc.modify(text, ['mcpServers', name], entry, { formattingOptions });
      await write(jsonc.applyEdits(text, edits));
      return true;
    });
  } catch (cause) {
    if (!(cause instanceof UnwritableFileError)) throw cause;
    throw new ConfigError(`${file} can't be written (${cause.message}).`, { cause });
  }
}

/** Variables may be unset on the machine where a server is added, so any value is accepted for them. */
function checkEntry(name: string, entry: McpServerEntry, file: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_. -]{0,63}$/.test(name)) {
    throw new UsageError(`"${name.slice(0, 80)}" can't name an MCP server.`, {
      hint: 'A name has up to 64 letters, digits, dots, dashes, underscores and spaces, and begins with a letter or digit.',
    });
  }
  const anyVariable = new Proxy({}, { get: () => 'http://x' }) as NodeJS.ProcessEnv;
  const values = new Map(Object.entries(entry).filter(([, value]) => value !== undefined));
  const reader = new EntryReader(values, { describe: () => `Server "${name}"` }, anyVariable);
  toServerSettings(reader, { name, source: '', file, environment: {} });
}
