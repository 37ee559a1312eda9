import { UsageError } from '@synapse/core';
import type { McpServerEntry } from '@synapse/app/wiring/open-mcp';

interface ServerFlags {
  header?: string[] | undefined;
  env?: string[] | undefined;
}

/** The entry of an MCP server in the file: one at a URL, or one that a command starts. */
export function toServerEntry(
  target: string,
  words: string[],
  { header, env }: ServerFlags,
): McpServerEntry {
  if (/^https?:\/\//i.test(target)) {
    if (env || words.length > 0) {
      throw new UsageError(
        `${env ? '--env is' : 'Arguments are'} for a server that is a command, but this one is a URL.`,
      );
    }
    return { url: target, ...(header && { headers: pairsOf('--header', header) }) };
  }
  if (header) {
    throw new UsageError('--header is for a server at an address, and this one is a command.');
  }
  return { command: target, args: words, ...(env && { env: pairsOf('--env', env) }) };
}

/** Reads each given `NAME=value`. */
function pairsOf(flag: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^([^=]+)=([^]*)$/.exec(text) ?? [];
      if (name === undefined || value === undefined) {
        // Not the text itself: it may be a key.
        throw new UsageError(`${flag} takes a name and a value: ${flag} NAME=value.`);
      }
      return [name, value];
    }),
  );
}
