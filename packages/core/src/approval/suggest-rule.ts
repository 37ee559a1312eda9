import type { ParseShell } from '../ports/parse-shell.ts';
import type { Tool } from '../ports/tool-source.ts';
import type { ToolCallPart } from '../session/part.ts';
import { isRisky } from './risky-arguments.ts';
import { toShellPattern } from './shell-pattern.ts';

/** Programs whose first argument names the action. */
const withSubcommands = new Set(
  'git npm pnpm yarn cargo go gh dotnet mvn gradle brew apt pip uv'.split(' '),
);

/**
 * The rules that would have allowed a call, as narrow as is useful, for the user to remember. Empty
 * if the call can only be judged by itself.
 */
export async function suggestRules(
  call: ToolCallPart,
  tool: Tool,
  parseShell: ParseShell,
): Promise<string[]> {
  const subject = tool.subject;
  if (!subject) return [tool.name];
  const value = call.input[subject.argument];
  if (typeof value !== 'string') return [];
  if (subject.kind === 'path' || subject.kind === 'text') {
    return isPlain(value) ? [`${tool.name}: ${value}`] : [];
  }
  if (subject.kind === 'url') {
    // The host that is really contacted: an address can be spelled as if it named another.
    const { protocol = '', origin = '*' } = URL.canParse(value) ? new URL(value) : {};
    return /^https?:$/.test(protocol) && !origin.includes('*') ? [`${tool.name}: ${origin}/*`] : [];
  }
  const { commands, doubts } = await parseShell(value);
  if (doubts.length > 0 || !commands.every(({ isLiteral }) => isLiteral)) return [];
  return [...new Set(commands.map(({ words }) => `${tool.name}: ${patternFor(words)}`))];
}

function patternFor(words: readonly string[]): string {
  const [program = '', subcommand] = words;
  if (
    subcommand !== undefined &&
    withSubcommands.has(program) &&
    /^[a-z][a-z-]*$/.test(subcommand)
  ) {
    if (!isRisky(words, words.slice(1))) return `${program} ${subcommand} *`;
  }
  return toShellPattern(words);
}

function isPlain(path: string): boolean {
  return !/[*\p{Cc}\p{Cf}]/u.test(path) && path.trim() === path && path !== '';
}
