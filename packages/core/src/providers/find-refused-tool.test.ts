import { describe, expect, it } from '@jest/globals';
import { findRefusedTool } from './find-refused-tool.ts';

const tools = ['read', 'mcp__files__find', 'mcp__files__move'].map((name) => {
  return { name, description: '', inputSchema: { type: 'object', properties: {} } };
});

describe('findRefusedTool', () => {
  it.each([
    [
      'mcp__files__find',
      "Invalid schema for function 'mcp__files__find': 'oneOf' is not permitted.",
    ],
    ['read', 'Invalid schema for tool "read": in context=(), object schema missing properties.'],
    ['mcp__files__move', 'tools.2.custom.input_schema: JSON schema is invalid.'],
    ['mcp__files__find', "Invalid 'tools[1].function.description': string too long."],
    [
      'mcp__files__move',
      'Invalid tools[0].function_declarations[2].parameters: items: missing field.',
    ],
  ])('finds "%s" in: %s', (name, message) => {
    expect(findRefusedTool(message, tools)?.name).toBe(name);
  });

  it.each([
    'The server could not read the tools of this request.',
    "'read' is not a field of messages.1.",
    "Invalid schema for function 'other': no.",
    'tools.7.custom.input_schema: JSON schema is invalid.',
    'Too many tools.',
  ])('finds none in: %s', (message) => {
    expect(findRefusedTool(message, tools)).toBeUndefined();
  });
});
