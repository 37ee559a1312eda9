import type { ParsedShell, ShellCommand } from '../ports/parse-shell.ts';
import { isRisky } from './risky-arguments.ts';
import { matchShellPattern, type ShellPattern } from './shell-pattern.ts';
import type { ToolRule, Verdict } from './tool-rule.ts';

export interface Judgement {
  verdict: Verdict;
  /** The rule that decided, or null if none matched. */
  rule: ToolRule | null;
  doubts: string[];
}

const severity: Record<Verdict, number> = { allow: 0, ask: 1, deny: 2 };

/**
 * Judges a command line by its rules; for each command the last matching rule decides. The line is
 * allowed if every command in it is allowed and no doubt remains about what it does. Rules that ask
 * or deny are read generously: they match if any part of the line could be meant.
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
      // The rule covers the whole tool, whatever the line does.
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

/** Whether the pattern matches from any word on, so that `rm *` also covers `sudo rm -r x`. */
function occursIn(pattern: ShellPattern, words: readonly string[]): boolean {
  const [first] = pattern.words;
  // The rest may belong to another command of the line: extra words never hide a match.
  const generous = { ...pattern, takesMore: true };
  return words.some((word, index) => {
    const name = word.split('/').at(-1) ?? word;
    const program = [word, name, name.toLowerCase()].find((one) => first?.expression.test(one));
    if (program === undefined) return false;
    return readings.some((isMeant) => {
      const following = take(pattern.words.length - 1, words, index + 1, isMeant);
      return matchShellPattern(generous, [program, ...following]) !== undefined;
    });
  });
}

type IsMeant = (word: string, before: string) => boolean;

/** The words unchanged, without options, and without possible values of options. */
const readings: readonly IsMeant[] = [
  () => true,
  (word) => !word.startsWith('-'),
  (word, before) => !word.startsWith('-') && !before.startsWith('-'),
];

/** Only the first words that the rule needs: a line can be very long. */
function take(count: number, words: readonly string[], start: number, isMeant: IsMeant): string[] {
  const taken: string[] = [];
  for (let index = start; index < words.length && taken.length < count; index += 1) {
    const word = words[index] ?? '';
    const before = index === start ? '' : (words[index - 1] ?? '');
    if (isMeant(word, before)) taken.push(word);
  }
  return taken;
}
