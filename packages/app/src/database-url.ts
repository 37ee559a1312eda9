import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expandHome } from '@synapse/config';
import { ConfigError } from '@synapse/core';

/** A comma after the last @ of the server part. */
const SEVERAL_SERVERS = /^postgres(?:ql)?:\/\/(?:[^/?#]*@)?[^/?#@]*,[^/?#@]*(?:[/?#]|$)/i;

export type DatabaseLocation =
  { engine: 'sqlite'; path: string } | { engine: 'postgres'; url: string };

/** The only database whose folder Synapse creates: any other path may be misspelt. */
export function defaultDatabase(configFolder: string): string {
  return join(configFolder, 'sessions.db');
}

/** Reads the value of `database_url` or `DATABASE_URL`; an empty value means the default place. */
export function parseDatabaseUrl(
  text: string | null,
  { configFolder, environment }: { configFolder: string; environment: NodeJS.ProcessEnv },
): DatabaseLocation {
  if (text === null) return { engine: 'sqlite', path: defaultDatabase(configFolder) };
  if (/^postgres(ql)?:\/\//i.test(text)) return { engine: 'postgres', url: checkUrl(text) };

  const file = (path: string): DatabaseLocation => ({
    engine: 'sqlite',
    path: path === ':memory:' ? path : resolve(expandHome(path, environment)),
  });
  if (/^file:\/\//i.test(text)) return file(decode(() => fileURLToPath(checkUrl(text))));
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || (scheme.length === 1 && isAbsolute(text))) return file(text);
  if (/^(sqlite3?|file)$/i.test(scheme)) {
    // sqlite:///tmp/x is absolute; sqlite://x and sqlite:x mean the path x.
    const path = rest.replace(/^\/\//, '');
    if (path !== '') return file(decode(() => decodeURIComponent(path)));
  }
  throw new ConfigError(`"${scheme}:" is not a database type that Synapse supports.`, {
    hint: 'Use a path, sqlite:path or postgres://user@host/database.',
  });
}

function checkUrl(text: string): string {
  if (SEVERAL_SERVERS.test(text)) {
    throw new ConfigError('The database address names several servers.', {
      hint: 'Name one: the primary, or an address that always leads to the primary.',
    });
  }
  if (URL.canParse(text) && !isCutInPassword(new URL(text))) return text;
  throw new ConfigError('The database address is not a valid URL.', {
    hint: 'A special character in a user name or password has to be percent-encoded.',
  });
}

/** A # / or ? ends a password, and its rest would be taken for a name that may be shown. */
function isCutInPassword({ username, pathname, search, hash }: URL): boolean {
  const rest = username === '' && (pathname.includes('@') || /@[^/]*\//.test(search));
  return rest || hash.includes('@');
}

function decode(path: () => string): string {
  try {
    return path();
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError('The database address is not the path of a file on this machine.', {
      hint: 'In an address, write % as %25; a plain path needs no escaping.',
      cause,
    });
  }
}
