import { FileProblem } from './file-problem.ts';

/** The fields at the top of a file, with the lines where they stand. */
export interface Fields {
  values: ReadonlyMap<string, unknown>;
  lines: ReadonlyMap<string, number>;
  /** What was repaired to read them. */
  warnings: string[];
}

export interface MarkdownFile extends Fields {
  body: string;
  hasFrontMatter: boolean;
}

const MAX_ALIASES = 20;
const FENCE = /^---[ \t]*$/;

/** Takes a Markdown file apart; one without front matter is all body. */
export async function readMarkdown(path: string, text: string): Promise<MarkdownFile> {
  const lines = text.split('\n');
  if (!FENCE.test(lines[0] ?? '')) {
    const empty = { values: new Map(), lines: new Map(), warnings: [] };
    return { ...empty, body: text.trim(), hasFrontMatter: false };
  }
  const end = lines.findIndex((line, index) => index > 0 && FENCE.test(line));
  if (end < 0) {
    throw new FileProblem(path, 1, 'the front matter has no end.', 'End it with a line "---".');
  }
  const fields = await readYaml(path, lines.slice(1, end));
  return {
    ...fields,
    body: lines
      .slice(end + 1)
      .join('\n')
      .trim(),
    hasFrontMatter: true,
  };
}

async function readYaml(path: string, lines: readonly string[]): Promise<Fields> {
  const parsed = await parseYaml(lines);
  if ('fields' in parsed) return parsed.fields;
  // Many programs write descriptions with colons, and hints in brackets, without quotes.
  const repaired = await Promise.all(lines.map(repairLine));
  const again = await parseYaml(repaired);
  if (!('fields' in again)) {
    throw new FileProblem(
      path,
      parsed.line + 1,
      `the front matter is not valid YAML (${parsed.reason}).`,
      'Write each field as "name: value", and put quotes around a value with special characters.',
    );
  }
  const warning = `Line ${parsed.line + 1} is not valid YAML (${parsed.reason}); its text was taken as it is.`;
  return { ...again.fields, warnings: [warning] };
}

/** Puts quotes around the value of a line that is not valid by itself. */
async function repairLine(line: string): Promise<string> {
  const [, name, value] = /^([\w-]+):[ \t]+(\S.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined || /^[|>]/.test(value)) return line;
  return 'fields' in (await parseYaml([line])) ? line : `${name}: ${JSON.stringify(value.trim())}`;
}

type Parsed = { fields: Fields } | { line: number; reason: string };

async function parseYaml(lines: readonly string[]): Promise<Parsed> {
  const { isMap, isScalar, LineCounter, parseDocument } = (await import('yaml')).default;
  const lineCounter = new LineCounter();
  try {
    const document = parseDocument(lines.join('\n'), {
      ...{ lineCounter, schema: 'core', version: '1.2', merge: false, logLevel: 'silent' },
    });
    // An unknown tag is only a warning of the library, but none has a meaning here.
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) return { line: problem.linePos?.[0].line ?? 1, reason: toReason(problem.message) };
    const { contents } = document;
    if (contents === null) return { fields: { values: new Map(), lines: new Map(), warnings: [] } };
    if (!isMap(contents)) return { line: 1, reason: 'it has no fields' };
    const values = new Map<string, unknown>();
    const places = new Map<string, number>();
    const js = document.toJS({ maxAliasCount: MAX_ALIASES }) as Record<string, unknown>;
    for (const { key } of contents.items) {
      if (!isScalar(key)) continue;
      const name = String(key.value);
      values.set(name, js[name]);
      places.set(name, lineCounter.linePos(key.range[0]).line + 1);
    }
    return { fields: { values, lines: places, warnings: [] } };
  } catch (error) {
    if (error instanceof RangeError) return { line: 1, reason: 'it is nested too deeply' };
    if (error instanceof ReferenceError)
      return { line: 1, reason: 'it repeats too much by aliases' };
    throw error;
  }
}

function toReason(message: string): string {
  const [first = ''] = message.split('\n');
  return first.replace(/ at line \d+.*$/, '').replace(/[:.]$/, '');
}

/** The fields of a TOML file. */
export async function readToml(path: string, text: string): Promise<Fields> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    const values = new Map<string, unknown>(Object.entries(parse(text)));
    const lines = new Map<string, number>();
    text.split('\n').forEach((line, index) => {
      const [, name] = /^\s*\[{0,2}["']?([\w-]+)/.exec(line) ?? [];
      if (name !== undefined && values.has(name) && !lines.has(name)) lines.set(name, index + 1);
    });
    return { values, lines, warnings: [] };
  } catch (error) {
    if (error instanceof RangeError) throw new FileProblem(path, null, 'it is nested too deeply.');
    if (!(error instanceof TomlError)) throw error;
    const [reason = ''] = error.message.replace('Invalid TOML document: ', '').split('\n');
    throw new FileProblem(path, error.line, `it is not valid TOML (${reason}).`);
  }
}
