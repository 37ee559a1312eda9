import { nearest } from '@synapse/config';
import { ConfigError, UsageError } from '@synapse/core';
import {
  parseToolRule,
  parseToolRules,
  type RuleLists,
  type ToolRule,
} from '@synapse/core/conversation';

/** The last matching rule decides: a flag overrides a setting, except a rule that denies. */
export function orderRules(
  { allow, ask, deny }: Required<RuleLists>,
  flags: readonly ToolRule[],
): ToolRule[] {
  return [...parseToolRules({ allow, ask }), ...flags, ...parseToolRules({ deny })];
}

/** Reads a rule that the user typed, as opposed to one in the settings. */
export function readTypedRule(text: string): ToolRule {
  try {
    return parseToolRule(text, 'allow');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new UsageError(error.message, { hint: error.hint, cause: error });
  }
}

/**
 * Refuses a rule for a tool that does not exist: a rule to deny it would deny nothing. The tools of MCP
 * servers are known only later.
 */
export function checkNames(
  rules: readonly ToolRule[],
  tools: readonly string[],
  Problem: typeof ConfigError | typeof UsageError,
): void {
  for (const { text, tool } of rules) {
    const [name = ''] = text.split(/[\s:]/);
    if (/^mcp__(?!.*(?:__|\*))/.test(name)) {
      throw new Problem(`The rule "${text}" names a whole server, not its tools.`, {
        hint: `"${name}__*" matches all of its tools.`,
      });
    }
    if (/^mcp__|\*/.test(name) || tools.some((one) => tool.test(one))) continue;
    const similar = nearest(name, tools);
    throw new Problem(`The rule "${text}" names an unknown tool.`, {
      hint:
        similar === undefined ? `Known tools: ${tools.join(', ')}.` : `Did you mean "${similar}"?`,
    });
  }
}
