import { replCommands } from './commands/index.ts';
import type { Candidate, Completer } from './editor/completion.ts';
import type { Repl } from './repl.ts';

/** Completes the names of commands and what can stand behind them. */
export function createCompleter(repl: Repl): Completer {
  return async ({ text, cursor }) => {
    const typed = text.slice(0, cursor);
    const nothing = { start: cursor, candidates: [] };
    if (!typed.startsWith('/') || typed.startsWith('//')) return nothing;
    const [, name = '', gap = '', rest = ''] = /^\/(\S*)(\s*)([^]*)$/.exec(typed) ?? [];
    if (gap === '') return { start: 0, candidates: fitting(commandCandidates, typed) };
    const command = replCommands.find((candidate) => candidate.name === name);
    const candidates = (await command?.complete?.(repl, rest)) ?? [];
    return { start: cursor - rest.length, candidates: fitting(candidates, rest) };
  };
}

const commandCandidates = replCommands.map(({ name, argument, summary }) => ({
  value: argument === undefined ? `/${name}` : `/${name} `,
  description: summary,
}));

function fitting(candidates: readonly Candidate[], typed: string): Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(typed));
}
