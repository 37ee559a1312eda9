import type { AttachmentStore, ToolSource } from '@synapse/core';
import { parseDatabaseUrl } from '../database-url.ts';
import type { App } from '../wiring.ts';
import { mcpConfigFile } from './open-mcp.ts';
import { toolRoots } from './tool-folders.ts';

/** The tools that come with Synapse, in the folder where it was started. */
export async function openBuiltinTools(
  app: App,
  attachments: Pick<AttachmentStore, 'put'>,
): Promise<ToolSource> {
  const { createBuiltinTools } = await import('@synapse/tools-builtin');
  const { environment, clock } = app;
  const { sandbox, network, timeout, max_output_kb: maxOutputKb } = app.settings.tools;
  return createBuiltinTools({
    workingDirectory: app.here,
    roots: toolRoots(app),
    protectedPaths: protectedPaths(app),
    environment,
    sandbox,
    allowNetwork: network,
    commandTimeoutMs: timeout * 1000,
    maxOutputBytes: maxOutputKb * 1024,
    keep: (attachment) => attachments.put(attachment),
    clock,
  });
}

/** Paths that a model must neither read nor change: the settings, the database, the logs. */
function protectedPaths(app: App): string[] {
  const { places, settings, environment } = app;
  const { configFolder } = places;
  const database = parseDatabaseUrl(settings.session.database_url, { configFolder, environment });
  const file = database.engine === 'sqlite' ? database.path : null;
  const log = settings.log.file;
  return [
    configFolder,
    places.configFile,
    places.stateFolder,
    places.cacheFolder,
    mcpConfigFile(app),
    ...(log === null ? [] : [log]),
    // The journal files of SQLite are as sensitive as the database itself.
    ...(file === null ? [] : ['', '-wal', '-shm', '-journal'].map((suffix) => file + suffix)),
  ];
}
