import { UsageError } from '../errors/usage-error.ts';
import { argumentsIn, parseTemplate, type TemplatePiece } from './parse-template.ts';
import { quoteInCommand } from './quote-in-command.ts';
import type { CommandInput, CommandTemplate } from './profile.ts';
import { splitWords } from './split-words.ts';

/** What the user gives a command. */
export interface CommandArguments {
  /** The text after its name. */
  text: string;
  /** By name; they come before words of the text. */
  inputs: Readonly<Record<string, string>>;
  /** What was piped in; null if nothing was. */
  stdin: string | null;
}

/** Both run under the permissions of the tools, and reject if these refuse. */
export interface TemplateSurroundings {
  runShell(command: string): Promise<string>;
  readFile(path: string): Promise<string>;
}

/**
 * The prompt that a command makes of its arguments. Throws UsageError if an input is missing,
 * unknown or of another type, before anything is run. Text that has no place in the template follows it.
 */
export async function renderTemplate(
  template: CommandTemplate,
  given: CommandArguments,
  surroundings: TemplateSurroundings,
): Promise<string> {
  const { body, style, inputs } = template;
  const pieces = parseTemplate(
    body,
    style,
    inputs.map(({ name }) => name),
  );
  const places = argumentsIn(pieces);
  const { values, text } = readInputs(
    template,
    given,
    places.some(({ kind }) => kind === 'all'),
  );
  const words = splitWords(text);
  const wordsOf = (piece: ArgumentPiece): string[] => {
    const { argument, written } = piece;
    if (argument.kind === 'all') return style === 'braces' ? [text] : words;
    if (argument.kind === 'named') {
      if (argument.name === 'stdin') return [(given.stdin ?? '').replace(/\n$/, '')];
      return [values.get(argument.name) ?? written];
    }
    const { index, takesRest } = argument;
    return takesRest ? words.slice(index) : [words[index] ?? ''];
  };
  const render = async (piece: TemplatePiece): Promise<string> => {
    switch (piece.type) {
      case 'text':
        return piece.text;
      case 'argument':
        return piece.argument.kind === 'all' ? text : wordsOf(piece).join(' ');
      case 'shell':
        return surroundings.runShell(toCommandLine(piece.command, wordsOf));
      case 'file':
        return surroundings.readFile(piece.path);
    }
  };
  const parts: string[] = [];
  // One by one, because each command may need approval.
  for (const piece of pieces) parts.push(await render(piece));
  const isTaken = places.some(({ kind }) => kind !== 'named') || text === '';
  const hasStdin = places.some((place) => place.kind === 'named' && place.name === 'stdin');
  const rest = isTaken ? [] : [style === 'from-zero' ? `ARGUMENTS: ${text}` : text];
  const piped =
    given.stdin === null || hasStdin ? [] : [`<stdin>\n${given.stdin.trimEnd()}\n</stdin>`];
  return [parts.join('').trim(), ...rest, ...piped].join('\n\n');
}

type ArgumentPiece = TemplatePiece & { type: 'argument' };

function toCommandLine(
  pieces: readonly TemplatePiece[],
  wordsOf: (piece: ArgumentPiece) => string[],
): string {
  let written = '';
  // Only what the author wrote opens and closes quotes.
  let authored = '';
  for (const piece of pieces) {
    if (piece.type === 'argument') written += quoteInCommand(wordsOf(piece), authored);
    if (piece.type !== 'text') continue;
    written += piece.text;
    authored += piece.text;
  }
  return written;
}

interface ReadInputs {
  values: Map<string, string>;
  /** What is left for the template besides its inputs. */
  text: string;
}

/** `name=value` words are inputs, and so are further words where the template has no other place for them. */
function readInputs(
  { name: command, inputs, style }: CommandTemplate,
  { text, inputs: given }: CommandArguments,
  takesText: boolean,
): ReadInputs {
  const values = new Map(Object.entries(given));
  const known = inputs.map(({ name }) => name);
  const unknown = [...values.keys()].find((name) => style !== 'codex' && !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`The command "${command}" has no input "${unknown}".`, {
      hint: known.length === 0 ? 'It takes none.' : `Its inputs: ${known.join(', ')}.`,
    });
  }
  const rest: string[] = [];
  let isNaming = inputs.length > 0 || style === 'codex';
  for (const word of isNaming ? splitWords(text) : []) {
    const [, name = '', value = ''] = /^([\w-]+)=([^]*)$/.exec(word) ?? [];
    const isInput = known.includes(name) || (style === 'codex' && /^[A-Z][A-Z0-9_]*$/.test(name));
    if (isInput && !values.has(name)) values.set(name, value);
    else rest.push(word);
  }
  isNaming &&= values.size > Object.keys(given).length;
  let left = isNaming ? rest.join(' ') : text;
  if (!takesText && style !== 'from-zero') left = fillInOrder(inputs, values, left);
  for (const input of inputs) values.set(input.name, checkInput(command, input, values));
  return { values, text: left };
}

/** Words without a name fill the open inputs in order; the last one takes the rest. */
function fillInOrder(
  inputs: readonly CommandInput[],
  values: Map<string, string>,
  text: string,
): string {
  const open = inputs.filter(({ name }) => !values.has(name));
  if (open.length === 0 || text.trim() === '') return text;
  const words = splitWords(text);
  open.forEach(({ name }, index) => {
    const isLast = index === open.length - 1;
    const word = isLast && index === 0 ? text.trim() : words[index];
    const value = isLast && index > 0 ? words.slice(index).join(' ') : word;
    if (value !== undefined && value !== '') values.set(name, value);
  });
  return '';
}

function checkInput(
  command: string,
  { name, type, default: usual, choices, description }: CommandInput,
  values: ReadonlyMap<string, string>,
): string {
  const value = values.get(name) ?? usual;
  const about = description === null ? '' : ` (${description})`;
  if (value === null) {
    throw new UsageError(`The command "${command}" needs the input "${name}"${about}.`, {
      hint: `Give it as ${name}=….`,
    });
  }
  const fits = {
    string: true,
    boolean: /^(true|false)$/.test(value),
    integer: /^-?\d+$/.test(value),
    number: value.trim() !== '' && Number.isFinite(Number(value)),
  }[type];
  if (fits && (choices === null || choices.includes(value))) return value;
  const wanted = choices === null ? `of the type ${type}` : `one of: ${choices.join(', ')}`;
  throw new UsageError(`The input "${name}" of the command "${command}" is "${value}".`, {
    hint: `It has to be ${wanted}.`,
  });
}
