import type { CommandClass } from '../base-command.ts';

type Load = () => Promise<{ default: CommandClass }>;

/** Every command by the words that call it; loaded when it is the one that is meant. */
export const commands: Readonly<Record<string, Load>> = {
  ask: () => import('./ask.ts'),
  completion: () => import('./completion.ts'),
  'config edit': () => import('./config/edit.ts'),
  'config explain': () => import('./config/explain.ts'),
  'config get': () => import('./config/get.ts'),
  'config init': () => import('./config/init.ts'),
  'config list': () => import('./config/list.ts'),
  'config path': () => import('./config/path.ts'),
  'config set': () => import('./config/set.ts'),
  'config unset': () => import('./config/unset.ts'),
  'config validate': () => import('./config/validate.ts'),
  'db backup': () => import('./db/backup.ts'),
  'db check': () => import('./db/check.ts'),
  'db copy': () => import('./db/copy.ts'),
  'db info': () => import('./db/info.ts'),
  'db migrate': () => import('./db/migrate.ts'),
  'db restore': () => import('./db/restore.ts'),
  'db rollback': () => import('./db/rollback.ts'),
  'db status': () => import('./db/status.ts'),
  'db vacuum': () => import('./db/vacuum.ts'),
  doctor: () => import('./doctor.ts'),
  help: () => import('./help.ts'),
  'keys list': () => import('./keys/list.ts'),
  'keys remove': () => import('./keys/remove.ts'),
  'keys set': () => import('./keys/set.ts'),
  models: () => import('./models.ts'),
  'providers list': () => import('./providers/list.ts'),
  'providers test': () => import('./providers/test.ts'),
  'sessions list': () => import('./sessions/list.ts'),
  'sessions show': () => import('./sessions/show.ts'),
  usage: () => import('./usage.ts'),
};

/** What a topic does, and which of its commands its name alone stands for. */
export const topics: Readonly<Record<string, { summary: string; index?: string }>> = {
  config: { summary: 'see, change and check the settings' },
  db: { summary: 'look after the database: backup, check, migrate, copy' },
  keys: { summary: 'keep the keys of providers', index: 'keys list' },
  providers: { summary: 'see and try the providers', index: 'providers list' },
  sessions: { summary: 'find, read and manage what was said', index: 'sessions list' },
};
