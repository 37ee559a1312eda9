import type { ParsedShell, ShellCommand } from '../ports/parse-shell.ts';
import { isRisky } from './risky-arguments.ts';
import { matchShellPattern, type ShellPattern } from './shell-pattern.ts';
import type { ToolRule, Verdict } from './tool-rule.ts';

export interface Judgement {
  verdict: Verdict;
  /** The rule that decided, or null where none fitted. */
  rule: ToolRule | null;
  doubts: string[];
}

const severity: Record<Verdict, number> = { allow: 0, ask: 1, deny: 2 };

/**
 * Judges a command line by the rules for it, of which the last that fits a command decides about
 * it. The line is allowed when every command in it is, and there is no doubt about what it does.
 * Rules that ask or deny are read generously: they fit when any part of the line could be meant.
 */
export function judgeShell(
  line: string,
  rules: readonly ToolRule[],
  { commands, doubts }: ParsedShell,
): Judgement {
  const everything = { verdict: 'ask' as Verdict, rule: null as ToolRule | null };
  const judged = commands.map((command) => ({ ...everything, command }));
  const fragments = line.split(/[\s;|&()<>`'"$\\{}=,]+/).filter((fragment) => fragment !== '');

  for (const rule of rules) {
    const { verdict, pattern } = rule;
    if (!pattern) {
      // The whole tool is meant, whatever the line does.
      Object.assign(everything, { verdict, rule });
      for (const one of judged) Object.assign(one, { verdict, rule });
      continue;
    }
    const { shell } = pattern;
    if (!shell) continue;
    if (verdict === 'allow') {
      for (const one of judged) {
        if (isAllowed(one.command, shell)) Object.assign(one, { verdict, rule });
      }
      continue;
    }
    const meant = judged.filter(({ command }) => occursIn(shell, command.words));
    for (const one of meant) Object.assign(one, { verdict, rule });
    if (meant.length === 0 && occursIn(shell, fragments)) {
      Object.assign(everything, { verdict, rule });
      for (const one of judged) Object.assign(one, { verdict, rule });
    }
  }

  const [worst = everything] = judged.sort((a, b) => severity[b.verdict] - severity[a.verdict]);
  const { verdict, rule } = worst;
  if (verdict === 'allow' && doubts.length > 0 && everything.verdict !== 'allow') {
    return { verdict: 'ask', rule: null, doubts };
  }
  return { verdict, rule, doubts };
}

function isAllowed({ words, isLiteral }: ShellCommand, pattern: ShellPattern): boolean {
  if (!isLiteral) return false;
  const underWildcard = matchShellPattern(pattern, words);
  return underWildcard !== undefined && !isRisky(words, underWildcard);
}

/** Whether the pattern fits from some word on, so that `sudo rm -r x` falls under `rm *`. */
function occursIn(pattern: ShellPattern, words: readonly string[]): boolean {
  // What follows may belong to another command of the line: more words never hide a match.
  const generous = { ...pattern, takesMore: true };
  return words.some((word, index) => {
    const name = word.split('/').at(-1) ?? word;
    const rest = words.slice(index + 1);
    return [word, name, name.toLowerCase()].some((program) =>
      [rest, withoutOptions(rest), withoutOptionsAndValues(rest)].some(
        (following) => matchShellPattern(generous, [program, ...following]) !== undefined,
      ),
    );
  });
}

function withoutOptions(words: readonly string[]): string[] {
  return words.filter((word) => !word.startsWith('-'));
}

function withoutOptionsAndValues(words: readonly string[]): string[] {
  return words.filter((word, index) => {
    const isValue = words[index - 1]?.startsWith('-') ?? false;
    return !word.startsWith('-') && !isValue;
  });
}
