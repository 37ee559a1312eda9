import type { JsonObject, JsonValue, Part, Replay } from '@synapse/core';
import { readBody, type ClientValue } from '../client-fields.ts';
import { ConversationBuilder, textParts } from '../conversation-builder.ts';
import { readCommonFields, type DialectRequest } from '../dialect-request.ts';
import {
  readOutputSchema,
  readStops,
  readTool,
  readTools,
  type ToolDialect,
} from '../read-tools.ts';

const DIALECT = 'anthropic';
/** Blocks of tools that a provider's own server runs: another model cannot use them. */
const OF_SERVERS = /^(?:server_tool_use|mcp_tool_(?:use|result)|.+_tool_result)$/;

const toolDialect: ToolDialect = {
  type: 'custom',
  read: (tool) => readTool(tool, 'input_schema'),
  describe: (type) => type,
  choose(choice) {
    const type = choice.field('type');
    switch (type.textOr('auto')) {
      case 'auto':
        return null;
      case 'none':
        return 'none';
      case 'any':
        return 'required';
      case 'tool':
        return choice.field('name');
      default:
        throw type.invalid('must be auto, any, tool or none.');
    }
  },
};

/** Reads a request of the Messages API; fields that nothing here needs are ignored. */
export function readMessagesRequest(json: JsonValue): DialectRequest {
  const body = readBody(json);
  const builder = new ConversationBuilder();
  addSystem(builder, body.field('system'));
  const messages = body.field('messages');
  if (messages.items().length === 0) throw messages.invalid('must contain a message.');
  for (const message of messages.items()) addMessage(builder, message);
  return {
    ...readCommonFields(body, builder),
    ...readTools(body, toolDialect),
    outputSchema: readFormat(body),
    maxOutputTokens: body.field('max_tokens').count(),
    temperature: body.field('temperature').numberUpTo(1),
    stopSequences: readStops(body.field('stop_sequences')),
    effort: readEffort(body),
  };
}

function addSystem(builder: ConversationBuilder, system: ClientValue): void {
  if (system.isText) builder.addSystem(system.text());
  else for (const block of system.items()) builder.addSystem(block.field('text').text());
}

function addMessage(builder: ConversationBuilder, message: ClientValue): void {
  const role = message.field('role');
  const content = message.field('content');
  switch (role.text()) {
    case 'system':
      addSystem(builder, content);
      break;
    case 'user':
      if (content.isText) builder.add('user', textParts(content.text()));
      else for (const block of content.items()) addUserBlock(builder, block);
      break;
    case 'assistant':
      if (content.isText) builder.add('assistant', textParts(content.text()));
      else builder.add('assistant', content.items().flatMap(readAnswerBlock));
      break;
    default:
      throw role.invalid('must be user or assistant.');
  }
}

function addUserBlock(builder: ConversationBuilder, block: ClientValue): void {
  if (block.field('type').raw !== 'tool_result') {
    builder.add('user', readBlock(builder, block));
    return;
  }
  const content = block.field('content');
  const parts = content.isText
    ? textParts(content.text())
    : content.items().flatMap((part) => readBlock(builder, part));
  builder.addResult(block.field('tool_use_id').text(), parts, block.field('is_error').flag());
}

function readBlock(builder: ConversationBuilder, block: ClientValue): Part[] {
  const type = block.field('type');
  switch (type.text()) {
    case 'text':
      return textParts(block.field('text').text());
    case 'image':
    case 'document':
      return readSource(builder, block);
    case 'search_result':
      return block
        .field('content')
        .items()
        .flatMap((part) => readBlock(builder, part));
    case 'tool_reference':
      return [];
    default:
      throw type.invalid(`is "${type.text()}", which Synapse can't pass on to a model.`);
  }
}

function readSource(builder: ConversationBuilder, block: ClientValue): Part[] {
  const source = block.field('source');
  const type = source.field('type');
  const name = block.field('title').textOr(null);
  switch (type.text()) {
    case 'base64':
      return [builder.fromBase64(source.field('data'), source.field('media_type').text(), name)];
    case 'text':
      return [builder.attach(Buffer.from(source.field('data').text()), 'text/plain', name)];
    case 'content': {
      const content = source.field('content');
      if (content.isText) return textParts(content.text());
      return content.items().flatMap((part) => readBlock(builder, part));
    }
    default:
      throw type.invalid('must be base64, text or content: Synapse does not fetch addresses.');
  }
}

function readAnswerBlock(block: ClientValue): Part[] {
  const type = block.field('type');
  switch (type.text()) {
    case 'text':
      return textParts(block.field('text').text());
    case 'thinking':
      return readThinking(block);
    case 'redacted_thinking':
      return [
        { type: 'reasoning', text: '', replay: replayOf({ data: block.field('data').text() }) },
      ];
    case 'tool_use':
      return [
        {
          ...{ type: 'tool-call', id: block.field('id').text() },
          name: block.field('name').text(),
          input: block.field('input').isMissing ? {} : block.field('input').object(),
        },
      ];
    default:
      if (OF_SERVERS.test(type.text())) return [];
      throw type.invalid(`is "${type.text()}", which Synapse can't pass on to a model.`);
  }
}

/** Only signed thinking goes back to the model. */
function readThinking(block: ClientValue): Part[] {
  const text = block.field('thinking').textOr('');
  const signature = block.field('signature').textOr('');
  if (signature === '') return text === '' ? [] : [{ type: 'reasoning', text }];
  return [{ type: 'reasoning', text, replay: replayOf({ signature }) }];
}

function replayOf(data: { signature: string } | { data: string }): Replay {
  const type = 'signature' in data ? 'thinking' : 'redacted_thinking';
  const all: JsonObject = { type, ...data };
  return { dialect: DIALECT, data: all, isBound: true };
}

function readFormat(body: ClientValue): DialectRequest['outputSchema'] {
  const format = body.field('output_config').field('format');
  const given = format.isMissing ? body.field('output_format') : format;
  if (given.field('type').raw !== 'json_schema') return null;
  return readOutputSchema(given.field('name'), given.field('schema'));
}

// Budgets of thinking, as the efforts that later models have in their place.
const EFFORTS = [
  [4_096, 'low'],
  [16_384, 'medium'],
  [Infinity, 'high'],
] as const;

function readEffort(body: ClientValue): string | null {
  const effort = body.field('output_config').field('effort').textOr(null);
  if (effort !== null) return effort;
  const thinking = body.field('thinking');
  if (thinking.field('type').raw !== 'enabled') return null;
  const budget = thinking.field('budget_tokens').count() ?? 0;
  return EFFORTS.find(([most]) => budget <= most)?.[1] ?? null;
}
