import type { Tool } from '../ports/tool-source.ts';
import type { JsonValue } from '../session/json-value.ts';
import type { ToolCallPart } from '../session/part.ts';

/** A call as a person is shown it before it runs: every argument in full, nothing cut. */
export interface CallDescription {
  tool: string;
  effect: Tool['effect'];
  /** What the call is about first, then the other arguments as they came. */
  details: { name: string; text: string }[];
  /** What the eye would miss in the details. */
  warnings: string[];
}

/** The text is as it will be used: whoever shows it makes control characters visible. */
export function describeCall(call: ToolCallPart, tool: Tool): CallDescription {
  const main = tool.subject?.argument;
  const names = Object.keys(call.input).sort((a, b) => Number(b === main) - Number(a === main));
  const details = names.map((name) => ({ name, text: toText(call.input[name] ?? null) }));
  const warnings = details.flatMap(({ name, text }) =>
    warningsFor(text).map((warning) => `"${name}" ${warning}`),
  );
  return { tool: call.name, effect: tool.effect, details, warnings };
}

function toText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function warningsFor(text: string): string[] {
  const warnings: string[] = [];
  // Line breaks and tabs are plain to see; everything else in these classes is not.
  const hidden = text.match(
    /[^\P{C}\n\t]|\p{Zl}|\p{Zp}|[\u115f\u1160\u2800\u3164\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu,
  );
  if (hidden) warnings.push(`contains ${hidden.length} invisible characters: ${list(hidden)}.`);
  const spaces = text.match(/[^\S\n\t ]/gu);
  if (spaces) warnings.push(`contains unusual spaces: ${list(spaces)}.`);
  const longest = Math.max(0, ...(text.match(/[ \t]{40,}/g) ?? []).map((run) => run.length));
  if (longest > 0) warnings.push(`contains ${longest} spaces in a row.`);
  const lines = Math.max(0, ...(text.match(/\n{20,}/g) ?? []).map((run) => run.length));
  if (lines > 0) warnings.push(`contains ${lines} line breaks in a row.`);
  const mixed = (text.match(/[\p{L}\p{M}\p{N}_]+/gu) ?? []).filter(mixesScripts);
  const [word] = mixed;
  if (word !== undefined) warnings.push(`mixes alphabets that look alike: ${list(foreign(word))}.`);
  return warnings;
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
