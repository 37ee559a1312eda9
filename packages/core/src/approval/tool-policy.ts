import type { ParseShell } from '../ports/parse-shell.ts';
import type { Tool, ToolSubject } from '../ports/tool-source.ts';
import type { JsonObject, JsonValue } from '../session/json-value.ts';
import type { ToolCallPart } from '../session/part.ts';
import { judgeShell, type Judgement } from './judge-shell.ts';
import { readSubject, type Readings } from './read-subject.ts';
import type { RulePattern, ToolRule, Verdict } from './tool-rule.ts';

/** `plan` is a temporary `read`: the model only reads, and describes what it would do. */
export type ToolMode = 'none' | 'read' | 'all' | 'plan';

export interface ToolPolicy {
  mode: ToolMode;
  /** In order; of the rules that match, the last decides. */
  rules: readonly ToolRule[];
  workingDirectory: string;
  parseShell: ParseShell;
}

export interface Decision {
  verdict: Verdict;
  /** A sentence for the user who is asked, or for the model that is refused. */
  reason: string;
  /** The rule that decided, if any. */
  rule: ToolRule | null;
}

/** Only a person can judge a longer command line. */
const MAX_LINE = 100_000;

/** The policy's decision about a call, before the user is asked. */
export async function decideCall(
  call: ToolCallPart,
  tool: Tool,
  policy: ToolPolicy,
): Promise<Decision> {
  if (call.invalidInput !== undefined) return deny('Its arguments are not valid JSON.');
  const { mode } = policy;
  if (mode === 'none') return deny('Tools are switched off.');
  if (mode !== 'all' && tool.effect !== 'read') {
    return deny(
      mode === 'plan'
        ? 'While planning, tools only read: describe what you would do instead.'
        : 'Only tools that read are permitted.',
    );
  }
  const { verdict, rule, doubts } = await judge(call.input, tool, policy);
  const [doubt] = doubts;
  if (rule) return { verdict, reason: `The rule "${rule.text}" says ${verdict}.`, rule };
  if (verdict === 'allow') return { verdict, reason: `"${tool.name}" only reads.`, rule };
  return { verdict, reason: doubt ?? `No rule allows this call of "${tool.name}".`, rule };
}

async function judge(input: JsonObject, tool: Tool, policy: ToolPolicy): Promise<Judgement> {
  const rules = policy.rules.filter((rule) => rule.tool.test(tool.name));
  const subject = tool.subject;
  const value = subject && input[subject.argument];
  const line = typeof value === 'string' ? value : '';
  if (subject?.kind === 'command' && line.length <= MAX_LINE) {
    return judgeShell(line, rules, await policy.parseShell(line));
  }
  const initial: Verdict = tool.effect === 'read' ? 'allow' : 'ask';
  const about = subject && (await readSubject(value, subject, policy.workingDirectory));
  const rule = rules.findLast((one) => {
    if (about === null) return !one.pattern || one.verdict !== 'allow';
    return about ? fits(one, subject.kind, about) : fitsUnknown(one, input);
  });
  return { verdict: rule?.verdict ?? initial, rule: rule ?? null, doubts: [] };
}

function fits(
  { pattern, verdict }: ToolRule,
  kind: ToolSubject['kind'],
  { strict, generous }: Readings,
): boolean {
  if (!pattern) return true;
  const expression = kind === 'path' || kind === 'url' ? pattern[kind] : pattern.plain;
  const isMet = (names: string[]) => names.some((name) => expression.test(name));
  return verdict === 'allow' ? strict.every(isMet) : generous.some(isMet);
}

/** It is unknown which argument the pattern is about, so it may ask or deny, but never allow. */
function fitsUnknown({ pattern, verdict }: ToolRule, input: JsonObject): boolean {
  if (!pattern) return true;
  return verdict !== 'allow' && stringsIn(input).some((text) => fitsText(pattern, text));
}

function fitsText({ plain, path }: RulePattern, text: string): boolean {
  return plain.test(text) || path.test(text);
}

function stringsIn(value: JsonValue): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap((one: JsonValue) => stringsIn(one));
}

function deny(reason: string): Decision {
  return { verdict: 'deny', reason, rule: null };
}
