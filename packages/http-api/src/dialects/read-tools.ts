import type { OutputSchema, ToolDefinition } from '@synapse/core';
import { toToolSchema } from '@synapse/core/models';
import type { ToolChoice } from '@synapse/app/relay/relayed-request';
import type { ClientValue } from './client-fields.ts';
import type { DialectRequest } from './dialect-request.ts';

/** How a dialect describes tools. */
export interface ToolDialect {
  /** The type of the tools that the client runs, which is also the usual one. */
  type: string;
  read: (tool: ClientValue) => ToolDefinition;
  /** Names a tool of another type. */
  describe: (type: string, tool: ClientValue) => string;
  /** The choice of the client; the value is the name of a tool, and null leaves the model free. */
  choose: (choice: ClientValue) => 'none' | 'required' | ClientValue | null;
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** The tools of a request, and which of them the model has to call. */
export function readTools(
  body: ClientValue,
  { type: own, read, describe, choose }: ToolDialect,
): Pick<DialectRequest, 'tools' | 'toolChoice' | 'ignoredTools'> {
  const tools: ToolDefinition[] = [];
  const ignoredTools: string[] = [];
  for (const tool of body.field('tools').items()) {
    const type = tool.field('type').textOr(own);
    if (type === own) tools.push(read(tool));
    else ignoredTools.push(describe(type, tool));
  }
  const choice = choose(body.field('tool_choice'));
  if (choice === 'none') return { tools: [], toolChoice: null, ignoredTools };
  const isOpen = choice === null || choice === 'required';
  return { tools, toolChoice: isOpen ? choice : toolNamed(choice, tools), ignoredTools };
}

function toolNamed(name: ClientValue, tools: readonly ToolDefinition[]): ToolChoice {
  const chosen = name.text();
  if (tools.some((tool) => tool.name === chosen)) return { name: chosen };
  throw name.invalid('names no tool of "tools".');
}

/** The definition of a tool that the client runs. */
export function readTool(tool: ClientValue, schemaField: string): ToolDefinition {
  const name = tool.field('name');
  const schema = tool.field(schemaField);
  const called = name.text();
  if (!NAME.test(called)) {
    throw name.invalid('must have 1 to 64 characters, out of letters, digits, "_" and "-".');
  }
  const inputSchema = toToolSchema(schema.isMissing ? {} : schema.object());
  if (!inputSchema) throw schema.invalid('must be the schema of an object.');
  return { name: called, description: tool.field('description').textOr(''), inputSchema };
}

/** The schema that an answer has to fit. */
export function readOutputSchema(name: ClientValue, schema: ClientValue): OutputSchema {
  const given = name.textOr('answer').replaceAll(/[^a-zA-Z0-9_-]/g, '_');
  return { name: given.slice(0, 64) || 'answer', schema: schema.object() };
}

/** Any JSON object. */
export const anyObject: OutputSchema = { name: 'answer', schema: { type: 'object' } };

/** A text, or a list of texts. */
export function readStops(stop: ClientValue): string[] {
  const texts = stop.isText ? [stop] : stop.items();
  return texts.map((text) => text.text()).filter((text) => text !== '');
}
