// Lists every text that a person may meet, so that somebody can read a random part of them with fresh eyes.
// node scripts/texts.mjs [--kind texts|comments|names] [--sample 200 [--seed 1]] [file or folder…]
// Prints file, line and text, separated by tabs.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const generated = /(^|\/)(node_modules|dist|bundle|fixtures|\.setup)(\/|$)/;
const tests = /[.]test[.]ts$|(^|\/)test\//;
/** Properties whose text is shown even if it is a single word. */
const named = /^(message|hint|description|summary|title|notice|text|label|help|usage|comment)$/;
const sql =
  /\b(case when|coalesce\(|cast\(|count\(|octet_length|is (not )?null|row_number\(\)|from (pg_|\?\?)|as ["\w]*_\w+|(delete|insert|update|select) .* (from|into|set|where) )|^(\$\{\w+\}|[\w.]+) (= \w|as \w|from \w|and \w+ =)|^[^A-Z]*= \?/;
const readers = { texts: readTexts, comments: readComments, names: readNames };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kind: { type: 'string', default: 'texts' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const { [values.kind]: read } = readers;
if (!read) {
  console.error(`Unknown kind "${values.kind}": use ${Object.keys(readers).join(', ')}.`);
  process.exit(2);
}
const folders =
  positionals.length > 0
    ? positionals
    : ['packages', 'config', 'scripts', 'docs', 'README.md', 'CONTRIBUTING.md'];
const found = folders.flatMap((folder) => filesIn(resolve(folder))).flatMap(read);
const shown = values.sample ? sample(found, Number(values.sample), Number(values.seed)) : found;
for (const { file, line, text } of shown)
  console.log(`${relative(root, file)}\t${line}\t${printable(text)}`);

function printable(text) {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/\p{C}/gu, (sign) => `\\u{${sign.codePointAt(0).toString(16)}}`);
}

function filesIn(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((file) => !generated.test(relative(root, file)) && !tests.test(relative(root, file)))
    .filter((file) => /[.](ts|mjs|cjs|md|toml)$/.test(file) && statSync(file).isFile())
    .sort();
}

function readTexts(file) {
  if (extname(file) === '.md') return readMarkdown(file);
  if (extname(file) === '.toml') return readTomlComments(file);
  const source = parse(file);
  const texts = [];
  visit(source);
  return texts;

  function visit(node) {
    if (isForPrograms(node)) return;
    const text = textOf(node, source);
    if (text === undefined) return ts.forEachChild(node, visit);
    if (isReadByPeople(text, node)) texts.push({ file, line: lineOf(node, source), text });
    // A text inside a placeholder is a text of its own.
    forEachPlaceholder(node, visit);
  }
}

/** The text of a literal, a template, or of several of them joined by `+`. */
function textOf(node, source) {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node)) return node.getText(source).slice(1, -1);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return;
  const [left, right] = [textOf(node.left, source), textOf(node.right, source)];
  if (left !== undefined || right !== undefined)
    return (
      (left ?? `\${${node.left.getText(source)}}`) + (right ?? `\${${node.right.getText(source)}}`)
    );
}

function forEachPlaceholder(node, visit) {
  if (ts.isTemplateExpression(node)) {
    for (const { expression } of node.templateSpans) visit(expression);
  } else if (ts.isBinaryExpression(node)) {
    for (const side of [node.left, node.right]) {
      if (ts.isBinaryExpression(side) || ts.isTemplateExpression(side))
        forEachPlaceholder(side, visit);
      else if (!ts.isStringLiteralLike(side)) visit(side);
    }
  }
}

/** Paths of modules, types, SQL and styles: literals that nobody reads as a sentence. */
function isForPrograms(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return true;
  if (ts.isLiteralTypeNode(node) || ts.isTemplateLiteralTypeNode(node)) return true;
  if (ts.isTaggedTemplateExpression(node)) return /^(sql|css|html)$/.test(node.tag.getText());
  return false;
}

function isReadByPeople(text, node) {
  if (sql.test(text)) return false;
  const prose = text.replaceAll(/\$\{[^}]*\}/g, 'X');
  if (/\p{L}{2,}[,;:]? .*\p{L}{2,}/u.test(prose))
    return !/^[<.#@-]|[{};]\s*$|=>|\\x1b\[/.test(prose);
  const { name } = node.parent ?? {};
  return name !== undefined && named.test(name.getText()) && /\p{L}{2,}/u.test(prose);
}

/** Sentences of paragraphs, lists and tables, without blocks of code. */
function readMarkdown(file) {
  const sentences = [];
  let paragraph = [];
  let isCode = false;
  const end = () => {
    const text = paragraph.map(({ text }) => text).join(' ');
    let at = 0;
    for (const sentence of text.split(/(?<=[.!?:][)*_`]?)\s+(?=[A-Z`*[])/)) {
      let [line, before] = [paragraph[0]?.line ?? 0, 0];
      for (const part of paragraph) {
        if (before <= at) ({ line } = part);
        before += part.text.length + 1;
      }
      if (/\p{L}{2,}/u.test(sentence)) sentences.push({ file, line, text: sentence });
      at += sentence.length + 1;
    }
    paragraph = [];
  };
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    const isFence = /^\s*(```|~~~)/.test(line);
    if (isFence || isCode || line.trim() === '' || /^\s*([-*|#>]|\d+[.] )/.test(line)) end();
    if (isFence) isCode = !isCode;
    else if (!isCode && line.trim() !== '' && !/^[\s|:-]+$/.test(line))
      paragraph.push({ line: index + 1, text: line.trim() });
  }
  end();
  return sentences;
}

function readTomlComments(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line, index) => ({ file, line: index + 1, text: /#\s*(.*)$/.exec(line)?.[1] ?? '' }))
    .filter(({ text }) => /\p{L}{2,} .*\p{L}{2,}/u.test(text));
}

function readComments(file) {
  if (!/[.](ts|mjs|cjs)$/.test(file)) return [];
  const source = parse(file);
  const seen = new Map();
  visit(source);
  return [...seen.values()];

  function visit(node) {
    const ranges = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
    for (const { pos, end } of [
      ...ranges,
      ...(ts.getTrailingCommentRanges(source.text, node.getEnd()) ?? []),
    ]) {
      const text = source.text.slice(pos, end).replaceAll(/^\/\*+|\*\/$|^\s*(\/\/|\*)/gm, '');
      const { line } = source.getLineAndCharacterOfPosition(pos);
      seen.set(pos, { file, line: line + 1, text });
    }
    ts.forEachChild(node, visit);
  }
}

/** Names of files, functions, types, methods, properties, parameters and values. */
function readNames(file) {
  if (!/[.](ts|mjs|cjs)$/.test(file)) return [];
  const source = parse(file);
  const names = new Map([[file, { file, line: 1, text: relative(root, file) }]]);
  visit(source);
  return [...names.values()];

  function visit(node) {
    const { name } = node;
    const isDeclared =
      ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isTypeElement(node);
    if (name && (isDeclared || ts.isDeclarationStatement(node) || ts.isClassElement(node))) {
      const text = name.getText(source);
      if (/^[#\w$]{2,}$/.test(text) && !names.has(text))
        names.set(text, { file, line: lineOf(node, source), text });
    }
    ts.forEachChild(node, visit);
  }
}

function parse(file) {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}

function lineOf(node, source) {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** The same seed gives the same part, on every machine. */
function sample(all, size, seed) {
  const rest = [...all];
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const chosen = [];
  while (chosen.length < size && rest.length > 0)
    chosen.push(...rest.splice(Math.floor(next() * rest.length), 1));
  return chosen;
}
