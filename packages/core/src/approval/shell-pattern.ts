/**
 * A pattern over the words of a command: `git log *`. A `*` at the end matches any further words,
 * elsewhere exactly one word, and inside a word any characters. Quotes and backslashes make it
 * literal.
 */
export interface ShellPattern {
  words: PatternWord[];
  takesMore: boolean;
}

interface PatternWord {
  expression: RegExp;
  isWild: boolean;
}

/** Undefined if a quote is not closed. */
export function parseShellPattern(text: string): ShellPattern | undefined {
  const words: PatternWord[] = [];
  let source: string | undefined;
  let isWild = false;
  let quote = '';
  const end = (): void => {
    if (source !== undefined) words.push({ expression: new RegExp(`^${source}$`), isWild });
    source = undefined;
    isWild = false;
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote) {
      if (character === quote) quote = '';
      else source = `${source ?? ''}${escapeExpression(character)}`;
    } else if (character === "'" || character === '"') {
      quote = character;
      source ??= '';
    } else if (/\s/.test(character)) {
      end();
    } else if (character === '*') {
      source = `${source ?? ''}[^]*`;
      isWild = true;
    } else {
      if (character === '\\') index += 1;
      source = `${source ?? ''}${escapeExpression(text.charAt(index))}`;
    }
  }
  if (quote) return undefined;
  end();
  const last = words.at(-1);
  const takesMore = words.length > 1 && last?.expression.source === '^[^]*$';
  return { words: takesMore ? words.slice(0, -1) : words, takesMore };
}

/** The words that only a `*` matches, or undefined if the pattern does not match. */
export function matchShellPattern(
  pattern: ShellPattern,
  words: readonly string[],
): string[] | undefined {
  const { words: expected, takesMore } = pattern;
  if (expected.length === 0) return undefined;
  if (takesMore ? words.length < expected.length : words.length !== expected.length) {
    return undefined;
  }
  if (!expected.every(({ expression }, index) => expression.test(words[index] ?? ''))) {
    return undefined;
  }
  return words.filter((_word, index) => expected[index]?.isWild ?? true);
}

/** Turns words into a pattern that matches exactly them. */
export function toShellPattern(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}

export function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
}
