import { readFile } from 'node:fs/promises';
import { ConfigError, InvalidDataError } from '@synapse/core';
import { writePrivateFile } from '../write-private-file.ts';
import type { Pins, ToolPinStore } from './tool-pins.ts';

type Servers = Map<string, Map<string, string>>;

/**
 * Pins in one private JSON file. A file that can't be understood is an error and not a fresh start:
 * forgetting the pins would approve whatever the servers say now.
 */
export function createToolPinFile(path: string): ToolPinStore {
  let last: Promise<unknown> = Promise.resolve();
  return {
    load: async (server) => (await readServers(path)).get(server) ?? new Map(),

    save(server, pins) {
      // One after the other, each on what the one before has written.
      const saved = last.then(async () => {
        const servers = await readServers(path);
        servers.set(server, new Map([...(servers.get(server) ?? []), ...pins]));
        const text = `${JSON.stringify({ servers: toObject(servers) }, null, 2)}\n`;
        await writePrivateFile(path, text).catch((error: unknown) => {
          throw new ConfigError(`The approved MCP tools can't be written to ${path}.`, {
            hint: 'Make its folder writable; until then no MCP tool is offered.',
            cause: error,
          });
        });
      });
      last = saved.catch(() => undefined);
      return saved;
    },
  };
}

async function readServers(path: string): Promise<Servers> {
  try {
    const { servers } = JSON.parse(await readFile(path, 'utf8')) as { servers: unknown };
    const result: Servers = new Map();
    for (const [server, pins] of entriesOf(servers)) {
      result.set(server, new Map(entriesOf(pins).map(([tool, hash]) => [tool, textOf(hash)])));
    }
    return result;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw new InvalidDataError(`The approved MCP tools in ${path} can't be read.`, {
      hint: 'Repair the file, or delete it to approve all tools as they are now.',
      cause: error,
    });
  }
}

function entriesOf(value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null) throw new TypeError('not a table');
  return Object.entries(value);
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return value;
}

function toObject(servers: Servers): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...servers].map(([server, pins]: [string, Pins]) => [server, Object.fromEntries(pins)]),
  );
}
