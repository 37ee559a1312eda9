import { createHash } from 'node:crypto';
import type { JsonObject, Tool } from '@synapse/core';
import { toToolSchema } from '@synapse/core/models';
import type { McpServerSettings } from '../config/server-settings.ts';
import { MAX_DESCRIPTION_LENGTH, MAX_TOOL_BYTES, MAX_TOOLS } from '../connection/limits.ts';
import { toolName } from '../tool-name.ts';
import { canonicalJson } from './canonical-json.ts';

const NOT_FOR_OBJECTS = 'no object fits the schema of its input';

export interface McpTool extends Tool {
  /** The server's own name for the tool. */
  originalName: string;
  /** A hash of the whole definition; any change gives another one. */
  hash: string;
}

export interface ToolList {
  tools: McpTool[];
  /** Why other tools were left out. */
  notes: string[];
}

/** Reads the tool list of a server; a broken tool does not affect the others. */
export function fromToolList(raw: readonly unknown[], settings: McpServerSettings): ToolList {
  const tools = new Map<string, McpTool>();
  const notes: string[] = [];
  for (const entry of raw) {
    const tool = fromTool(entry, settings);
    if (typeof tool === 'string') notes.push(tool);
    else if (!isWanted(tool.originalName, settings)) continue;
    else if (tools.has(tool.name)) notes.push(`"${tool.originalName}" is listed twice.`);
    else tools.set(tool.name, tool);
  }
  if (raw.length >= MAX_TOOLS) notes.unshift(`Only the first ${MAX_TOOLS} tools were taken.`);
  return { tools: [...tools.values()], notes: notes.slice(0, 20) };
}

function fromTool(entry: unknown, settings: McpServerSettings): McpTool | string {
  if (!isObject(entry) || typeof entry.name !== 'string' || entry.name === '') {
    return 'A tool without a name was left out.';
  }
  const { name, title, description, inputSchema, outputSchema, annotations, execution } = entry;
  const shown = JSON.stringify(name.slice(0, 80));
  if (name.length > 1000) return `${shown} was left out: its name is too long.`;
  if (!isObject(inputSchema)) return `${shown} was left out: ${NOT_FOR_OBJECTS}.`;
  if (isObject(execution) && execution.taskSupport === 'required') {
    return `${shown} was left out: it only runs as a task, which Synapse does not support.`;
  }
  const tooLong = `${shown} was left out: its description or schema is too long.`;
  let canonical: string;
  let schema: JsonObject | undefined;
  try {
    canonical = canonicalJson({ name, title, description, inputSchema, outputSchema, annotations });
    if (Buffer.byteLength(canonical) > MAX_TOOL_BYTES) return tooLong;
    schema = toToolSchema(JSON.parse(canonicalJson(inputSchema)) as JsonObject);
  } catch {
    return `${shown} was left out: its schema is nested too deeply.`;
  }
  if (!schema) return `${shown} was left out: ${NOT_FOR_OBJECTS}.`;
  // Merged alternatives can be longer than the original.
  if (Buffer.byteLength(JSON.stringify(schema)) > MAX_TOOL_BYTES) return tooLong;
  const isReadOnly = isObject(annotations) && annotations.readOnlyHint === true;
  return {
    name: toolName(settings.name, name),
    originalName: name,
    description: describe(description ?? title),
    inputSchema: schema,
    effect: settings.trustsReadOnlyHints && isReadOnly ? 'read' : 'execute',
    hash: createHash('sha256').update(canonical).digest('hex'),
  };
}

function describe(description: unknown): string {
  if (typeof description !== 'string') return '';
  return description.slice(0, MAX_DESCRIPTION_LENGTH).toWellFormed();
}

function isWanted(name: string, { includeTools, excludeTools }: McpServerSettings): boolean {
  return !excludeTools.includes(name) && (includeTools?.includes(name) ?? true);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
