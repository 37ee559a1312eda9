/**
 * How a template writes its arguments. `named`: `{{name}}` and `{{args}}`. `from-zero` and `from-one`:
 * `$ARGUMENTS`, and `$0` or `$1` for the first word. `codex`: also `$NAME` and `$$`. `placeholders`:
 * `${input:name}`. `braces`: `{{args}}`, `!{command}` and `@{file}`.
 */
export type ArgumentStyle =
  'named' | 'from-zero' | 'from-one' | 'codex' | 'placeholders' | 'braces';

export type TemplatePiece =
  | { type: 'text'; text: string }
  | { type: 'argument'; argument: ArgumentReference; written: string }
  | { type: 'shell'; command: TemplatePiece[] }
  | { type: 'file'; path: string };

export type ArgumentReference =
  | { kind: 'all' }
  /** One word, or all words from there on. */
  | { kind: 'position'; index: number; takesRest: boolean }
  | { kind: 'named'; name: string };

const path = String.raw`(?<=^|[\s(])@(?<file>[\w./~-]*[\w/~-])`;
const backticks = '!`(?<shell>[^`\n]+)`';
const numbered = [
  String.raw`\$ARGUMENTS\[(?<element>\d{1,3})\]`,
  String.raw`(?<all>\$ARGUMENTS\b)`,
  String.raw`\$(?<position>\d{1,3})\b`,
];

/** Text whose braces are balanced, up to a depth. */
function balanced(depth: number): string {
  return depth === 0 ? '[^{}]*' : String.raw`(?:[^{}]|\{${balanced(depth - 1)}\})*`;
}

/** Every form of a place in a template, as named groups. */
const forms: Readonly<Record<ArgumentStyle, readonly string[]>> = {
  named: [String.raw`\{\{\s*(?<named>[\w-]+)\s*\}\}`, backticks, path],
  'from-zero': [...numbered, String.raw`\$(?<variable>[a-z][\w-]*)`, backticks, path],
  'from-one': [...numbered, backticks, path],
  codex: [String.raw`(?<dollar>\$\$)`, ...numbered, String.raw`\$(?<variable>[A-Z][A-Z0-9_]*)`],
  placeholders: [
    String.raw`\$\{input:(?<named>[\w-]+)(?::[^}]{0,500})?\}`,
    String.raw`#file:(?<file>[\w./~-]*[\w/~-])`,
  ],
  braces: [
    String.raw`(?<all>\{\{\s*args\s*\}\})`,
    String.raw`!\{(?<shell>${balanced(4)})\}`,
    String.raw`@\{(?<file>[^}\n]{1,1000})\}`,
  ],
};

/**
 * Takes a template apart once. What is put into its places later is never read as a template again.
 * `names` are the arguments that the template declares: a `$name` that is not among them is text.
 */
export function parseTemplate(
  body: string,
  style: ArgumentStyle,
  names: readonly string[] = [],
): TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  const expression = new RegExp(forms[style].join('|'), 'gm');
  let end = 0;
  for (const match of body.matchAll(expression)) {
    const [written] = match;
    const piece = toPiece(written, match.groups ?? {}, style, names);
    if (!piece) continue;
    if (match.index > end) pieces.push({ type: 'text', text: body.slice(end, match.index) });
    pieces.push(piece);
    end = match.index + written.length;
  }
  if (end < body.length) pieces.push({ type: 'text', text: body.slice(end) });
  return style === 'from-one' ? withRest(pieces) : pieces;
}

function toPiece(
  written: string,
  groups: Readonly<Record<string, string | undefined>>,
  style: ArgumentStyle,
  names: readonly string[],
): TemplatePiece | undefined {
  const { all, position, element, named, variable, shell, file, dollar } = groups;
  const argument = (reference: ArgumentReference): TemplatePiece => {
    return { type: 'argument', argument: reference, written };
  };
  if (dollar !== undefined) return { type: 'text', text: '$' };
  if (all !== undefined || named === 'args') return argument({ kind: 'all' });
  if (named !== undefined) return argument({ kind: 'named', name: named });
  if (variable !== undefined) {
    const isMeant = style === 'codex' || names.includes(variable);
    return isMeant ? argument({ kind: 'named', name: variable }) : undefined;
  }
  const number = element ?? position;
  if (number !== undefined) {
    const index = Number(number) - (style === 'from-zero' ? 0 : 1);
    return index < 0 ? undefined : argument({ kind: 'position', index, takesRest: false });
  }
  if (shell !== undefined) {
    const command = parseTemplate(shell, style, names);
    // A command is a line for a shell, so it has no places for files.
    return { type: 'shell', command: command.map(fileAsText) };
  }
  return file === undefined ? undefined : { type: 'file', path: file };
}

function fileAsText(piece: TemplatePiece): TemplatePiece {
  return piece.type === 'file' ? { type: 'text', text: `@${piece.path}` } : piece;
}

/** The highest position takes all words from there on. */
function withRest(pieces: readonly TemplatePiece[]): TemplatePiece[] {
  const highest = Math.max(...positionsIn(pieces), -1);
  const mark = (piece: TemplatePiece): TemplatePiece => {
    if (piece.type === 'shell') return { ...piece, command: piece.command.map(mark) };
    if (piece.type !== 'argument' || piece.argument.kind !== 'position') return piece;
    return {
      ...piece,
      argument: { ...piece.argument, takesRest: piece.argument.index === highest },
    };
  };
  return pieces.map(mark);
}

function positionsIn(pieces: readonly TemplatePiece[]): number[] {
  return pieces.flatMap((piece) => {
    if (piece.type === 'shell') return positionsIn(piece.command);
    if (piece.type !== 'argument' || piece.argument.kind !== 'position') return [];
    return [piece.argument.index];
  });
}

/** Every argument that a template has a place for. */
export function argumentsIn(pieces: readonly TemplatePiece[]): ArgumentReference[] {
  return pieces.flatMap((piece) => {
    if (piece.type === 'shell') return argumentsIn(piece.command);
    return piece.type === 'argument' ? [piece.argument] : [];
  });
}

/** The command lines of a template, as they are written. */
export function hasShell(pieces: readonly TemplatePiece[]): boolean {
  return pieces.some(({ type }) => type === 'shell');
}
