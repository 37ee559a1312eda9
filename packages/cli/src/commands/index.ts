import type { CommandClass } from '../base-command.ts';

type Load = () => Promise<{ default: CommandClass }>;

/** Every command by the words that call it; loaded when it is the one that is meant. */
export const commands: Readonly<Record<string, Load>> = {
  ask: () => import('./ask.ts'),
  help: () => import('./help.ts'),
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
  sessions: { summary: 'find, read and manage what was said', index: 'sessions list' },
};
