import type { ToolDefinition } from '../ports/model-provider.ts';

// Anthropic: tools.3.custom.input_schema; OpenAI: tools[3].function.parameters; Google counts the declarations.
const PLACES = [/\bfunction_declarations\[(\d+)\]/, /\btools[.[](\d+)\b/];
const SPEAKS_OF_TOOLS = /\b(?:tool|function)s?\b/i;

/**
 * The tool that a refusal names, by its place in the request or by its name in quotes. A name
 * without quotes may be an ordinary word of the sentence, such as `read`.
 */
export function findRefusedTool(
  message: string,
  tools: readonly ToolDefinition[],
): ToolDefinition | undefined {
  for (const place of PLACES) {
    const index = place.exec(message)?.[1];
    if (index !== undefined) return tools[Number(index)];
  }
  if (!SPEAKS_OF_TOOLS.test(message)) return undefined;
  const quoted = new Set([...message.matchAll(/['"`]([\w-]+)['"`]/g)].map(([, name]) => name));
  return tools.find(({ name }) => quoted.has(name));
}
