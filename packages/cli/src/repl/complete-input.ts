import type { Candidate, Completer, Completion } from '@synapse/terminal/editor';
import { replCommands } from './commands/index.ts';
import { completePath } from './complete-path.ts';
import type { Repl } from './repl.ts';
import { findCommand } from './run-slash-command.ts';

/** Completes the names of commands, their arguments, and the files that a text names. */
export function createCompleter(repl: Repl): Completer {
  return async ({ text, cursor }) => {
    const typed = text.slice(0, cursor);
    if (!typed.startsWith('/') || typed.startsWith('//')) return completeNamedFile(typed);
    const [, name = '', gap = '', rest = ''] = /^\/(\S*)(\s*)([^]*)$/.exec(typed) ?? [];
    if (gap === '') return { start: 0, candidates: fitting(commandCandidates, typed) };
    const candidates = (await findCommand(name)?.complete?.(repl, rest)) ?? [];
    return { start: cursor - rest.length, candidates: fitting(candidates, rest) };
  };
}

/** A file that is attached to the prompt: `@path`. */
async function completeNamedFile(typed: string): Promise<Completion> {
  const [, path] = /(?:^|\s)@((?:\\.|[^\s\\])*)$/.exec(typed) ?? [];
  if (path === undefined) return { start: typed.length, candidates: [] };
  const candidates = await completePath(path.replaceAll(/\\(.)/g, '$1'));
  const escaped = candidates.map(({ value }) => ({ value: value.replaceAll(/[\s\\]/g, '\\$&') }));
  return { start: typed.length - path.length, candidates: fitting(escaped, path) };
}

const commandCandidates = replCommands.map(({ name, argument, summary }) => ({
  value: argument === undefined ? `/${name}` : `/${name} `,
  description: summary,
}));

function fitting(candidates: readonly Candidate[], typed: string): Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(typed));
}
