import type { Tool } from '../ports/tool-source.ts';
import type { JsonValue } from '../session/json-value.ts';
import type { ToolCallPart } from '../session/part.ts';

/** A call as the user sees it before it runs: every argument in full, nothing cut. */
export interface CallDescription {
  tool: string;
  effect: Tool['effect'];
  /** The subject of the call first, then the other arguments in the model's order. */
  details: { name: string; text: string }[];
  /** Details that are easy to overlook. */
  warnings: string[];
}

/** The text is used as it is: the interface has to make control characters visible. */
export function describeCall(call: ToolCallPart, tool: Tool): CallDescription {
  const main = tool.subject?.argument;
  const names = Object.keys(call.input).sort((a, b) => Number(b === main) - Number(a === main));
  const details = names.map((name) => ({ name, text: toText(call.input[name] ?? null) }));
  const warnings = details.flatMap(({ name, text }) => {
    const isAddress = name === main && tool.subject?.kind === 'url';
    const found = [...warningsFor(text), ...(isAddress ? warningsForAddress(text) : [])];
    const quoted = JSON.stringify(name);
    return [
      ...warningsFor(name).map((warning) => `The name ${quoted} ${warning}`),
      ...found.map((warning) => `${quoted} ${warning}`),
    ];
  });
  return { tool: call.name, effect: tool.effect, details, warnings };
}

function toText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

const SCREEN_LINES = 24;
const SCREEN_LENGTH = SCREEN_LINES * 80;

/** Wide and mathematical letters, and characters that look like dots, slashes or colons. */
const IMITATIONS =
  /[\uff01-\uff5e\u{1d400}-\u{1d7ff}\u2024\u2044\u2215\u2216\u29f5\u29f8\u29f9\u2571\u2572\u2236\ua789\u02d0\u05c3\u0589\u01c3\u0131]/gu;

function warningsFor(text: string): string[] {
  const warnings: string[] = [];
  // Line breaks and tabs are easy to see; all other characters in these classes are not.
  const hidden = text.match(/[^\P{C}\n\t]|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}|\u2800/gu);
  if (hidden) warnings.push(`contains ${hidden.length} invisible characters: ${list(hidden)}.`);
  const spaces = text.match(/[^\S\n\t ]/gu);
  if (spaces) warnings.push(`contains unusual spaces: ${list(spaces)}.`);
  const imitations = text.match(IMITATIONS);
  if (imitations)
    warnings.push(`contains characters that imitate plain ones: ${list(imitations)}.`);
  const gap = longest(text.match(/[ \t]{40,}/g));
  if (gap > 0) warnings.push(`contains ${gap} spaces in a row.`);
  const breaks = longest(text.match(/\n{20,}/g));
  if (breaks > 0) warnings.push(`contains ${breaks} line breaks in a row.`);
  const lines = text.split('\n').length;
  if (lines > SCREEN_LINES) warnings.push(`has ${lines} lines.`);
  else if (text.length > SCREEN_LENGTH) warnings.push(`has ${text.length} characters.`);
  const mixed = (text.match(/[\p{L}\p{M}\p{N}_]+/gu) ?? []).filter(mixesScripts);
  const [word] = mixed;
  if (word !== undefined) warnings.push(`mixes alphabets that look alike: ${list(foreign(word))}.`);
  return warnings;
}

function longest(runs: readonly string[] | null): number {
  return (runs ?? []).reduce((length, run) => Math.max(length, run.length), 0);
}

/** An address can be spelled so that it seems to name another host. */
function warningsForAddress(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { protocol, host } = new URL(text);
  const isPlain = text.startsWith(`${protocol}//${host}`) && !/(^|\.)xn--/.test(host);
  return isPlain ? [] : [`leads to the host ${host}.`];
}

function mixesScripts(word: string): boolean {
  return (
    /\p{Script=Latin}/u.test(word) &&
    /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u.test(word)
  );
}

function foreign(word: string): string[] {
  return word.match(/[^\p{Script=Latin}\p{N}\p{M}_]/gu) ?? [];
}

function list(characters: readonly string[]): string {
  const names = [...new Set(characters)].map(
    (one) => `U+${(one.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  return names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');
}
