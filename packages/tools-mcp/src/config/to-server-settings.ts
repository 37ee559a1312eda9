import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { EntryReader } from './entry-reader.ts';
import type { HttpSettings, McpServerSettings, StdioSettings } from './server-settings.ts';

const TYPES = new Map<string, 'stdio' | HttpSettings['type']>([
  ['stdio', 'stdio'],
  ['http', 'http'],
  ['streamable-http', 'http'],
  ['streamableHttp', 'http'],
  ['sse', 'sse'],
]);

export interface EntryContext {
  name: string;
  /** The entry as it is in the file. */
  source: string;
  file: string;
  environment: NodeJS.ProcessEnv;
}

/** Throws a ConfigError about the first key that is wrong. */
export function toServerSettings(reader: EntryReader, context: EntryContext): McpServerSettings {
  const { name, source } = context;
  const type = readType(reader);
  const command = reader.text('command');
  const url = reader.text('url');
  if (command !== null && url !== null) {
    throw reader.problem(null, 'has both "command" and "url"', 'Keep one of them.');
  }
  if (command === null && url === null) {
    throw reader.problem(null, 'has neither "command" nor "url"');
  }
  const isStdio = command !== null;
  if (type !== undefined && isStdio !== (type === 'stdio')) {
    throw reader.problem('type', `cannot be used with "${isStdio ? 'command' : 'url'}"`);
  }
  return {
    name,
    transport: isStdio
      ? readStdio(reader, command, context)
      : readHttp(reader, url ?? '', type === undefined || type === 'stdio' ? 'auto' : type),
    isDisabled: reader.flag('disabled'),
    callTimeoutMs: readTimeoutMs(reader),
    includeTools: reader.textList('includeTools'),
    excludeTools: reader.textList('excludeTools') ?? [],
    trustsReadOnlyHints: reader.flag('trustReadOnlyHints'),
    fingerprint: createHash('sha256').update(`${name}\0${source}`).digest('hex'),
  };
}

function readType(reader: EntryReader): 'stdio' | HttpSettings['type'] | undefined {
  const type = reader.text('type');
  if (type === null) return undefined;
  const known = TYPES.get(type);
  if (!known) throw reader.problem('type', 'is not stdio, http or sse');
  return known;
}

function readStdio(reader: EntryReader, command: string, context: EntryContext): StdioSettings {
  if (command.trim() === '') throw reader.problem('command', 'is empty');
  const folder = reader.text('cwd');
  const home = context.environment.HOME ?? homedir();
  return {
    type: 'stdio',
    command: fromHome(command, home),
    args: reader.textList('args') ?? [],
    environment: reader.textTable('env'),
    workingDirectory:
      folder === null ? home : resolve(dirname(context.file), fromHome(folder, home)),
  };
}

function readHttp(reader: EntryReader, url: string, type: HttpSettings['type']): HttpSettings {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol)) {
    throw reader.problem('url', 'is not an address that begins with http:// or https://');
  }
  const headers = reader.textTable('headers');
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      throw reader.problem(`headers.${name}`, 'is not the name of a header');
    }
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw reader.problem(`headers.${name}`, 'has characters that a header cannot contain');
    }
  }
  return { type, url: parsed.href, headers };
}

/** Other programs that share the file write milliseconds or seconds; no call takes under a second. */
function readTimeoutMs(reader: EntryReader): number | null {
  const timeout = reader.positiveNumber('timeout');
  return timeout !== null && timeout < 1000 ? timeout * 1000 : timeout;
}

function fromHome(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;
}
