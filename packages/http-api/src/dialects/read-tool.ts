import type { OutputSchema, ToolDefinition } from '@synapse/core';
import { toToolSchema } from '@synapse/core/models';
import type { ClientValue } from './client-fields.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

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

export function isNamed(tools: readonly ToolDefinition[], name: string): boolean {
  return tools.some((tool) => tool.name === name);
}
