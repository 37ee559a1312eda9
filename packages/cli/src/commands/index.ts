import type { CommandClass } from '../base-command.ts';

type Load = () => Promise<{ default: CommandClass }>;

/** Every command by the words that call it; loaded when it is the one that is meant. */
export const commands: Readonly<Record<string, Load>> = {
  ask: () => import('./ask.ts'),
  'db backup': () => import('./db/backup.ts'),
  'db check': () => import('./db/check.ts'),
  'db copy': () => import('./db/copy.ts'),
  'db info': () => import('./db/info.ts'),
  'db migrate': () => import('./db/migrate.ts'),
  'db restore': () => import('./db/restore.ts'),
  'db rollback': () => import('./db/rollback.ts'),
  'db status': () => import('./db/status.ts'),
  'db vacuum': () => import('./db/vacuum.ts'),
  help: () => import('./help.ts'),
  'keys list': () => import('./keys/list.ts'),
  'keys remove': () => import('./keys/remove.ts'),
  'keys set': () => import('./keys/set.ts'),
  'mcp add': () => import('./mcp/add.ts'),
  'mcp list': () => import('./mcp/list.ts'),
  'mcp remove': () => import('./mcp/remove.ts'),
  'mcp serve': () => import('./mcp/serve.ts'),
  'mcp test': () => import('./mcp/test.ts'),
  'mcp tools': () => import('./mcp/tools.ts'),
  models: () => import('./models.ts'),
  'providers list': () => import('./providers/list.ts'),
  'providers test': () => import('./providers/test.ts'),
  'sessions archive': () => import('./sessions/archive.ts'),
  'sessions clear': () => import('./sessions/clear.ts'),
  'sessions delete': () => import('./sessions/delete.ts'),
  'sessions export': () => import('./sessions/export.ts'),
  'sessions fork': () => import('./sessions/fork.ts'),
  'sessions import': () => import('./sessions/import.ts'),
  'sessions list': () => import('./sessions/list.ts'),
  'sessions pin': () => import('./sessions/pin.ts'),
  'sessions prune': () => import('./sessions/prune.ts'),
  'sessions rename': () => import('./sessions/rename.ts'),
  'sessions restore': () => import('./sessions/restore.ts'),
  'sessions search': () => import('./sessions/search.ts'),
  'sessions show': () => import('./sessions/show.ts'),
  'sessions stats': () => import('./sessions/stats.ts'),
  'sessions tag': () => import('./sessions/tag.ts'),
  'sessions unarchive': () => import('./sessions/unarchive.ts'),
  'sessions undo': () => import('./sessions/undo.ts'),
  'sessions unpin': () => import('./sessions/unpin.ts'),
  'sessions untag': () => import('./sessions/untag.ts'),
};

/** What a topic does, and which of its commands its name alone stands for. */
export const topics: Readonly<Record<string, { summary: string; index?: string }>> = {
  db: { summary: 'look after the database: backup, check, migrate, copy' },
  keys: { summary: 'keep the keys of providers', index: 'keys list' },
  mcp: { summary: 'tools of MCP servers, and Synapse as one', index: 'mcp list' },
  providers: { summary: 'see and try the providers', index: 'providers list' },
  sessions: { summary: 'find, read and manage what was said', index: 'sessions list' },
};
