import { ConfigError } from '@synapse/core';
import { EntryReader } from './entry-reader.ts';
import { lineAt, openMcpFile, type McpFile } from './mcp-file.ts';
import type { McpServerSettings } from './server-settings.ts';
import { toServerSettings } from './to-server-settings.ts';

export interface McpConfig {
  servers: McpServerSettings[];
  /** Invalid entries, each with file, line, server and key; the others still work. */
  problems: ConfigError[];
  /** Keys that were ignored because they may be meant for another program. */
  notes: string[];
}

export interface McpConfigOptions {
  file: string;
  environment: NodeJS.ProcessEnv;
}

/**
 * Reads the `mcpServers` file that many programs share. No file means no servers. Throws a
 * ConfigError if the whole file is invalid; an invalid entry disables only its server.
 */
export async function readMcpConfig({ file, environment }: McpConfigOptions): Promise<McpConfig> {
  const config: McpConfig = { servers: [], problems: [], notes: [] };
  const opened = await openMcpFile(file);
  if (!opened?.tree) return config;
  const { default: jsonc } = await import('jsonc-parser');
  if (opened.tree.type !== 'object') throw new ConfigError(`${file}: is not a JSON object.`);

  for (const property of opened.tree.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key?.value !== 'mcpServers') {
      config.notes.push(`${placeOf(opened, property.offset)}: "${String(key?.value)}" is unknown.`);
    } else if (value?.type !== 'object') {
      throw new ConfigError(
        `${placeOf(opened, property.offset)}: "mcpServers" is not a table of servers.`,
      );
    }
  }
  const servers = jsonc.findNodeAtLocation(opened.tree, ['mcpServers']);
  for (const property of servers?.children ?? []) {
    const [key, value] = property.children ?? [];
    const name = String(key?.value);
    const entry = new Map<string, unknown>();
    const offsets = new Map<string, number>();
    for (const { offset, children = [] } of value?.children ?? []) {
      const [innerKey, innerValue] = children;
      offsets.set(String(innerKey?.value), offset);
      entry.set(String(innerKey?.value), innerValue && jsonc.getNodeValue(innerValue));
    }
    const describe = (inner: string | null) => {
      const offset = offsets.get(inner?.split('.')[0] ?? '') ?? property.offset;
      return `${placeOf(opened, offset)}: server "${name}"`;
    };
    const reader = new EntryReader(entry, { describe }, environment);
    try {
      if (value?.type !== 'object') throw reader.problem(null, 'is not a table');
      if (!/^[^\p{Cc}]{1,100}$/u.test(name)) {
        throw reader.problem(
          null,
          'has a name that is empty, too long or holds control characters',
        );
      }
      const source = opened.text.slice(value.offset, value.offset + value.length);
      config.servers.push(toServerSettings(reader, { name, source, file, environment }));
      for (const unknown of reader.unknownKeys()) {
        config.notes.push(`${describe(unknown)}: "${unknown}" is unknown.`);
      }
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      if (entry.get('disabled') === true) config.notes.push(error.message);
      else config.problems.push(error);
    }
  }
  if (opened.isShared && config.servers.some(holdsSecrets)) {
    config.notes.push(`${file} can be read by other users. To make it private: chmod 600 ${file}`);
  }
  return config;
}

function holdsSecrets({ transport }: McpServerSettings): boolean {
  const secrets = transport.type === 'stdio' ? transport.environment : transport.headers;
  return Object.keys(secrets).length > 0;
}

function placeOf({ path, text }: McpFile, offset: number): string {
  return `${path}:${lineAt(text, offset)}`;
}
