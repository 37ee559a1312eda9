import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import { benchContext } from './context.ts';
import type { Measure } from './measure.ts';
import { benchPostgres } from './postgres.ts';
import { benchImport } from './import.ts';
import { benchMemory } from './memory.ts';
import { benchOneshot } from './oneshot.ts';
import { benchRender } from './render.ts';
import { benchResume } from './resume.ts';
import { benchSearch } from './search.ts';
import { benchServe } from './serve.ts';
import { benchStartup } from './startup.ts';
import { benchStore } from './store.ts';

/** `postgresUrl` is that of an empty server, and empty for a part that needs none. */
export const parts: Record<string, (reuse: boolean, postgresUrl: string) => Promise<Measure[]>> = {
  store: benchStore,
  search: benchSearch,
  postgres: benchPostgres,
  startup: benchStartup,
  oneshot: benchOneshot,
  resume: benchResume,
  context: benchContext,
  render: benchRender,
  memory: benchMemory,
  import: benchImport,
  serve: benchServe,
};

/** What figures mean nothing without; `load` is what the machine did besides. */
export function surroundings() {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    system: `${platform()} ${arch()}`,
    processors: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0] ?? 0,
  };
}
