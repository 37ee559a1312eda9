import { readFile } from 'node:fs/promises';
import { ConfigError, InvalidDataError } from '@synapse/core';
import { changeFile, UnwritableFileError } from '@synapse/core/files';
import type { Pins, ToolPinStore } from './tool-pins.ts';

type Servers = Map<string, Map<string, string>>;

/**
 * Pins in one private JSON file. A file that can't be understood is an error and not a fresh start:
 * forgetting the pins would approve whatever the servers say now.
 */
export function createToolPinFile(path: string): ToolPinStore {
  /** While no other process changes them; returns all pins of the server. */
  const change = async (server: string, merge: (stored: Pins) => Pins): Promise<Pins> => {
    try {
      return await changeFile(path, async (write) => {
        const servers = await readServers(path);
        const merged = new Map(merge(servers.get(server) ?? new Map()));
        servers.set(server, merged);
        await write(`${JSON.stringify({ servers: toObject(servers) }, null, 2)}\n`);
        return merged;
      });
    } catch (cause) {
      if (!(cause instanceof UnwritableFileError)) throw cause;
      throw new ConfigError(`The approved MCP tools can't be written to ${path}.`, {
        hint: 'Make its folder writable; until then no MCP tool is offered.',
        cause,
      });
    }
  };
  return {
    load: async (server) => (await readServers(path)).get(server) ?? new Map(),
    add: (server, pins) => change(server, (stored) => new Map([...pins, ...stored])),
    replace: async (server, pins) => {
      await change(server, (stored) => new Map([...stored, ...pins]));
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
  if (typeof value !== 'string') throw new TypeError('not a string');
  return value;
}

function toObject(servers: Servers): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...servers].map(([server, pins]: [string, Pins]) => [server, Object.fromEntries(pins)]),
  );
}
