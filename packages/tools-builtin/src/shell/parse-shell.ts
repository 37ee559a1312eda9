import type { Command, forEachChild, Redirect, SyntaxNode, Word } from 'unbash';
import type { ParsedShell, ParseShell, ShellCommand } from '@synapse/core';

const MAX_CHARACTERS = 10_000;
const MAX_COMMANDS = 50;

/** Nodes whose only effect is the commands in them; all other nodes are a reason to ask. */
const plainNodes = new Set<SyntaxNode['type']>([
  'Script',
  'Statement',
  'AndOr',
  'Pipeline',
  'Negation',
  'Time',
  'Subshell',
  'BraceGroup',
  'CompoundList',
  'Command',
  'Word',
  'Literal',
  'SingleQuoted',
  'DoubleQuoted',
]);

type WordPart = NonNullable<Word['parts']>[number];

const literalParts = new Set<SyntaxNode['type']>(['Literal', 'SingleQuoted', 'DoubleQuoted']);

export const parseShell: ParseShell = async (line) => {
  if (line.length > MAX_CHARACTERS) {
    return { commands: [], doubts: [`The command has more than ${MAX_CHARACTERS} characters.`] };
  }
  const doubts = new Set<string>();
  // A terminal shows these characters differently than the shell reads them.
  if (/[^\P{C}\n\t]/u.test(line)) doubts.add('The command contains invisible characters.');
  // The shell joins such lines before it reads `$` or `<(`; the parser joins them afterwards.
  if (/\S\\\n/.test(line)) doubts.add('It continues a word on the next line.');
  const { parse, forEachChild } = await import('unbash');
  const commands: ShellCommand[] = [];
  try {
    visit(parse(line), { commands, doubts, forEachChild });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    doubts.add('It is nested too deeply.');
  }
  if (commands.length > MAX_COMMANDS) doubts.add(`It runs more than ${MAX_COMMANDS} commands.`);
  if (commands.length === 0) doubts.add('No command was recognised in it.');
  return { commands, doubts: [...doubts] } satisfies ParsedShell;
};

interface Findings {
  commands: ShellCommand[];
  doubts: Set<string>;
  forEachChild: typeof forEachChild;
}

function visit(node: SyntaxNode, findings: Findings): void {
  const { commands, doubts } = findings;
  if (node.type === 'Script' && 'errors' in node && node.errors?.length) {
    doubts.add(`It cannot be parsed reliably: ${node.errors[0]?.message ?? 'syntax error'}.`);
  }
  if (node.type === 'Redirect') {
    if (!isHarmless(node)) doubts.add('It redirects to or from a file.');
    return;
  }
  if (node.type === 'Command') {
    commands.push(toCommand(node));
    if (node.prefix.some(({ type }) => type === 'Assignment')) {
      doubts.add('It sets variables for a command.');
    }
  } else if (!plainNodes.has(node.type)) {
    doubts.add(`It uses ${inWords(node.type)}.`);
  }
  findings.forEachChild(node, (child) => visit(child, findings));
}

function toCommand({ name, suffix }: Command): ShellCommand {
  const parts = [...(name ? [name] : []), ...suffix];
  const words = parts.filter((part) => part.type === 'Word');
  return {
    words: words.map(({ value }) => value),
    isLiteral:
      words.every(isLiteral) &&
      !parts.some(({ type }) => type === 'Assignment') &&
      words.length > 0,
  };
}

function isLiteral({ text, value, parts = [] }: Word): boolean {
  const bare =
    parts.length === 0 ? [text] : parts.map((part) => (part.type === 'Literal' ? part.text : ''));
  return (
    parts.every(isLiteralPart) &&
    // The home folder, also where a word looks like an assignment: `of=~/file`.
    !bare.some((one) => /(^|[=:])~/.test(one)) &&
    // The parser leaves some text in a plain word that the shell interprets: `1<(command)` runs the
    // command.
    (parts.length > 0 || !/[$`*?[\]{}<>()]/.test(text.replace(/\\./g, ''))) &&
    !value.includes('\n')
  );
}

function isLiteralPart(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted') return part.parts.every(({ type }) => type === 'Literal');
  return literalParts.has(part.type);
}

/** Discards output or joins streams, as in `2>/dev/null` and `2>&1`. */
function isHarmless({ operator, target, descriptor }: Redirect): boolean {
  if (!target || !isLiteral(target) || descriptor?.type === 'FileDescriptorVariable') return false;
  if (operator === '>&') return /^[12]$/.test(target.value);
  return /^(>|>>|&>|&>>)$/.test(operator) && target.value === '/dev/null';
}

function inWords(type: string): string {
  return type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
