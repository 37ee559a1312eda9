import { toToolNames, type ToolLimits } from '@synapse/core/profiles';
import type { FieldReader } from './field-reader.ts';

/**
 * Turns lists of tools into limits. A name that means nothing here is left out of what is permitted, with
 * a warning; a pattern in it, such as `Bash(git log:*)`, narrows only what is denied.
 */
export function readLimits(
  { warnings }: Pick<FieldReader, 'warnings'>,
  allowed: readonly string[] | null,
  denied: readonly string[] = [],
): ToolLimits {
  const unknown = new Set<string>();
  const tools = allowed?.flatMap((text) => {
    const { name } = splitPattern(text);
    const names = toToolNames(name);
    if (!names) unknown.add(name);
    return names ?? [];
  });
  const deny = denied.flatMap((text) => {
    const { name, pattern } = splitPattern(text);
    return (toToolNames(name) ?? []).map((tool) => toRule(tool, pattern));
  });
  if (unknown.size > 0) {
    warnings.push(`These tools do not exist here, and are left out: ${[...unknown].join(', ')}.`);
  }
  return { tools: tools ? [...new Set(tools)] : null, deny, ask: [] };
}

/** The rule about the calls of a tool that a pattern of another program means. */
export function toRule(tool: string, pattern: string | null): string {
  if (pattern === null || pattern === '' || pattern === '*' || tool.includes('*')) return tool;
  return `${tool}: ${toPattern(tool, pattern)}`;
}

/** A pattern that were not translated would match nothing, and a denial would be lost. */
function toPattern(tool: string, pattern: string): string {
  if (tool === 'fetch') return pattern.replace(/^domain:(.*)$/, '*://$1/*');
  if (!['read', 'edit', 'write', 'grep', 'glob', 'list'].includes(tool)) {
    return pattern.replace(/:\*$/, ' *');
  }
  // As in .gitignore: a name alone is meant in every folder, and a slash is the folder of the project.
  return pattern.includes('/') ? pattern.replace(/^\//, '') : `**/${pattern}`;
}

function splitPattern(text: string): { name: string; pattern: string | null } {
  const [, name = text, pattern = null] = /^([^(]+)\(([^]*)\)$/.exec(text.trim()) ?? [];
  return { name: name.trim(), pattern };
}

/** The models of a field: a name, or names in order of preference. `inherit` means the current one. */
export function readModels(fields: FieldReader): string[] {
  const models = fields.list('model') ?? [];
  return models.filter((model) => !/^(inherit|default|auto)$/i.test(model));
}
