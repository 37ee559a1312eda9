import { readFile } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import type { JsonObject } from '@synapse/core';
import { asRecord, listIn, textIn } from './json-values.ts';

/** A file or a folder in which a tool keeps its histories. */
export interface HistoryPlace {
  tool: string;
  path: string;
}

interface Machine {
  environment: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
  home: string;
}

/** Where the tools keep their histories on a machine, by their own variables. Not all of these exist. */
export async function historyPlaces({
  environment,
  platform,
  home,
}: Machine): Promise<HistoryPlace[]> {
  const paths = platform === 'win32' ? win32 : posix;
  const join = (...names: string[]) => paths.join(...names);
  // An empty variable counts as none.
  const variable = (name: string) => (environment[name] === '' ? undefined : environment[name]);
  const roaming = variable('APPDATA') ?? join(home, 'AppData', 'Roaming');
  const library = join(home, 'Library', 'Application Support');
  const unixConfig = variable('XDG_CONFIG_HOME') ?? join(home, '.config');
  const config = { win32: roaming, darwin: library }[platform as string] ?? unixConfig;
  const data = variable('XDG_DATA_HOME') ?? join(home, '.local', 'share');
  const codexHome = variable('CODEX_HOME') ?? join(home, '.codex');
  const gemini = join(variable('GEMINI_CLI_HOME') ?? home, '.gemini');
  const gooseRoot = variable('GOOSE_PATH_ROOT');
  const goose = {
    root: gooseRoot && join(gooseRoot, 'data', 'sessions'),
    own: platform === 'win32' ? join(roaming, 'Block', 'goose', 'data') : join(data, 'goose'),
  };
  const opencode =
    platform === 'win32' ? join(home, '.local', 'share', 'opencode') : join(data, 'opencode');
  const aichat = variable('AICHAT_CONFIG_DIR') ?? join(config, 'aichat');
  const clines = ['Code', 'Code - Insiders', 'VSCodium', 'Cursor', 'Windsurf'].map((editor) =>
    join(config, editor, 'User', 'globalStorage'),
  );
  const claude = (
    variable('CLAUDE_CONFIG_DIR')?.split(new RegExp(`[,${paths.delimiter}]`)) ?? [
      join(home, '.claude'),
      join(unixConfig, 'claude'),
    ]
  ).filter(Boolean);
  const crush =
    variable('CRUSH_GLOBAL_DATA') ??
    join(platform === 'win32' ? (variable('LOCALAPPDATA') ?? roaming) : data, 'crush');
  const folders: Record<string, string[]> = {
    'claude-code': claude.map((folder) => join(folder, 'projects')),
    codex: [join(codexHome, 'sessions'), join(codexHome, 'archived_sessions')],
    'gemini-cli': [join(gemini, 'tmp')],
    opencode: [join(opencode, 'opencode.db'), join(opencode, 'storage')],
    goose: [goose.root ?? join(goose.own, 'sessions')],
    llm: [join(variable('LLM_USER_PATH') ?? join(config, 'io.datasette.llm'), 'logs.db')],
    crush: await crushDatabases(join(crush, 'projects.json'), join),
    aichat: [variable('AICHAT_SESSIONS_DIR') ?? join(aichat, 'sessions')],
    continue: [join(variable('CONTINUE_GLOBAL_DIR') ?? join(home, '.continue'), 'sessions')],
    cline: [
      join(variable('CLINE_DATA_DIR') ?? join(home, '.cline', 'data'), 'sessions'),
      ...clines.map((folder) => join(folder, 'saoudrizwan.claude-dev', 'tasks')),
    ],
    'roo-code': clines.map((folder) => join(folder, 'rooveterinaryinc.roo-cline', 'tasks')),
    'kilo-code': clines.map((folder) => join(folder, 'kilocode.kilo-code', 'tasks')),
    pi: [join(home, '.pi', 'agent', 'sessions')],
  };
  return Object.entries(folders).flatMap(([tool, found]) => found.map((path) => ({ tool, path })));
}

/** Crush keeps a database in each project, and a list of the projects. */
async function crushDatabases(
  list: string,
  join: (...names: string[]) => string,
): Promise<string[]> {
  try {
    const projects = JSON.parse(await readFile(list, 'utf8')) as JsonObject;
    return listIn(asRecord(projects), 'projects').flatMap((project) => {
      const path = textIn(asRecord(project), 'path');
      const folder = textIn(asRecord(project), 'data_dir') ?? (path && join(path, '.crush'));
      return folder === undefined ? [] : join(folder, 'crush.db');
    });
  } catch {
    return [];
  }
}
