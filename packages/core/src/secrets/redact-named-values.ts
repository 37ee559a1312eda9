import { isHarmless, kindOfName, startsHarmless, type FoundValue } from './judge-named-value.ts';
import { MARK } from './redact-passwords.ts';

/** Every name of a secret contains one of these; only the text around them is searched. */
const keyword = /passw|pass|pwd|credential|secret|token|key|auth|kennwort|wachtwoord|contrase/gi;
const restOfName = /[\w-]*/y;

/** The text between a name and its value; the name's closing quote and a type may precede it. */
const assignment =
  /(?:\\{0,3}["'`])?\]?(?:\s?:?\s?&?(?:'static )?(?:str|string)(?=\s?=))?\s{0,9}(?::=|[=-]>|={1,3}|:(?!:))([^\S\n]{0,99})(?:[|>][+-]?\s{1,99})?/iy;
/** For lists of settings: `name: DB_PASSWORD, value: …`. */
const listed =
  /(?:\\{0,3}["'`])?,?(?:\s|\\n){1,99}\\{0,3}["']?value\\{0,3}["']?\s{0,9}[:=]\s{0,9}/iy;
const spoken = / (?:is|was):? /y;
const space = /[ \t]+/y;
const spaceBeforeQuote = / (?=')/y;
const bracket = />/y;

const quoted = /[[({]?[bruf@]{0,2}(["'`])((?:\\.|(?!\1)[^\n\\])*)\1/iy;
const quotedInText = /(\\{1,7}["'`])((?:(?!(?<!\\)\1)[^\n])*)\1/y;
const openQuote = /\\{0,7}["'`]?/y;
const bare = /(?:[^\s"'`,;&\\<]|<(?!\/)|\\(?!\\{0,6}["'`]))+/y;
const wholeWord = /\S+/y;
const words = /[a-z]+ [a-z]/iy;
const restOfLine = /[^\n"'`\\]+/y;

/**
 * Puts the mark in place of each value whose name marks it as a secret: `DB_PASSWORD=…`, `"apiKey":
 * "…"`.
 */
export function redactNamedValues(text: string): string {
  let redacted = '';
  let done = 0;
  let at = 0;
  for (;;) {
    keyword.lastIndex = at;
    const hit = keyword.exec(text);
    if (!hit) return redacted + text.slice(done);
    let start = hit.index;
    while (start > at && isNameSign(text.charCodeAt(start - 1))) start -= 1;
    const end = hit.index + (match(restOfName, text, hit.index)?.[0].length ?? 0);
    at = end;
    const value = findValue(text, start, end);
    if (!value || isHarmless(value)) continue;
    redacted += text.slice(done, value.at) + MARK;
    done = at = value.at + value.text.length;
  }
}

type PlacedValue = FoundValue & { at: number };

function findValue(text: string, start: number, end: number): PlacedValue | undefined {
  const name = text.slice(start, end);
  const kind = kindOfName(name);
  if (kind === undefined) return undefined;
  const joined = findJoint(text, start, end, name);
  if (!joined) return undefined;
  const from = end + joined.length;
  const valueAt = from + (match(openQuote, text, from)?.[0].length ?? 0);
  if (startsHarmless(text, valueAt, name, valueAt > from)) return undefined;
  const found = { name, kind, joint: joined.joint, isSpaced: joined.isSpaced };
  for (const pattern of [quoted, quotedInText]) {
    const inQuotes = match(pattern, text, from);
    if (!inQuotes) continue;
    const [all, quote = '', value = ''] = inQuotes;
    const at = from + all.length - quote.length - value.length;
    return { ...found, at, text: value, isQuoted: true, after: '' };
  }
  const isLine = joined.joint === 'assigned' && !joined.isSpaced && isAtLineStart(text, start);
  const isPhrase = /passphrase/i.test(name) && match(words, text, valueAt) !== null;
  const pattern = isPhrase ? restOfLine : isLine ? wholeWord : bare;
  const value = withoutBrackets(match(pattern, text, valueAt)?.[0] ?? '');
  const after = text.slice(valueAt + value.length, valueAt + value.length + 2);
  return { ...found, at: valueAt, text: value, isQuoted: false, after };
}

/** Without the characters at the end that may belong to the surrounding text. */
function withoutBrackets(value: string): string {
  let { length } = value;
  while (length > 0 && ')]}> '.includes(value.charAt(length - 1))) length -= 1;
  return value.slice(0, length);
}

interface Joined {
  joint: FoundValue['joint'];
  length: number;
  isSpaced: boolean;
}

function findJoint(text: string, start: number, end: number, name: string): Joined | undefined {
  const assigned = match(assignment, text, end);
  if (assigned)
    return { joint: 'assigned', length: assigned[0].length, isSpaced: assigned[1] !== '' };
  const others = [
    ['assigned', listed, true],
    ['spoken', spoken, true],
    ['option', space, name.startsWith('-') || text.slice(start - 4, start) === 'ENV '],
    ['assigned', spaceBeforeQuote, /^passw/i.test(name)],
    ['assigned', bracket, text[start - 1] === '<'],
  ] as const;
  for (const [joint, pattern, isPossible] of others) {
    const joined = isPossible ? match(pattern, text, end) : null;
    if (joined) return { joint, length: joined[0].length, isSpaced: joint !== 'assigned' };
  }
  return undefined;
}

function isAtLineStart(text: string, start: number): boolean {
  let at = start;
  if (text.slice(Math.max(0, at - 7), at) === 'export ') at -= 7;
  return at === 0 || text[at - 1] === '\n';
}

function isNameSign(code: number): boolean {
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return isLetter || (code >= 48 && code <= 57) || code === 95 || code === 45;
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
