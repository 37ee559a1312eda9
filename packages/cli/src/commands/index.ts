import type { CommandClass } from '../base-command.ts';

type Load = () => Promise<{ default: CommandClass }>;

/** Every command by the words that call it; loaded when it is the one that is meant. */
export const commands: Readonly<Record<string, Load>> = {
  ask: () => import('./ask.ts'),
  help: () => import('./help.ts'),
  'sessions list': () => import('./sessions/list.ts'),
  'sessions show': () => import('./sessions/show.ts'),
};

/** What a topic does, and which of its commands its name alone stands for. */
export const topics: Readonly<Record<string, { summary: string; index?: string }>> = {
  sessions: { summary: 'find, read and manage what was said', index: 'sessions list' },
};
