import type { JsonValue, Part } from '@synapse/core';
import { readBody, type ClientValue } from '../client-fields.ts';
import { ConversationBuilder, textParts, toCall } from '../conversation-builder.ts';
import { readCommonFields, readKeeping, type DialectRequest } from '../dialect-request.ts';
import {
  anyObject,
  readOutputSchema,
  readStops,
  readTool,
  readTools,
  type ToolDialect,
} from '../read-tools.ts';

const toolDialect: ToolDialect = {
  type: 'function',
  read: (tool) => readTool(tool.field('function'), 'parameters'),
  describe: (type) => type,
  choose(choice) {
    if (choice.isMissing || choice.raw === 'auto') return null;
    if (choice.raw === 'none' || choice.raw === 'required') return choice.raw;
    return choice.field('function').field('name');
  },
};

/** Reads a request of Chat Completions; fields that nothing here needs are ignored. */
export function readChatRequest(json: JsonValue): DialectRequest {
  const body = readBody(json);
  refuse(body);
  const builder = new ConversationBuilder();
  for (const message of body.field('messages').items()) addMessage(builder, message);
  const limit = body.field('max_completion_tokens');
  return {
    ...readCommonFields(body, builder),
    ...readKeeping(body),
    ...readTools(body, toolDialect),
    outputSchema: readFormat(body.field('response_format')),
    maxOutputTokens: (limit.isMissing ? body.field('max_tokens') : limit).count(),
    temperature: body.field('temperature').numberUpTo(2),
    stopSequences: readStops(body.field('stop')),
    effort: body.field('reasoning_effort').textOr(null),
    includesUsage: body.field('stream_options').field('include_usage').flag(),
  };
}

function refuse(body: ClientValue): void {
  const n = body.field('n');
  if (!n.isMissing && n.raw !== 1) throw n.invalid('must be 1: Synapse gives one answer.');
  for (const name of ['functions', 'function_call', 'audio']) {
    const field = body.field(name);
    if (!field.isMissing) throw field.invalid('is not supported; use "tools", and text or images.');
  }
  if (body.field('messages').items().length === 0) {
    throw body.field('messages').invalid('must contain a message.');
  }
}

function addMessage(builder: ConversationBuilder, message: ClientValue): void {
  const role = message.field('role');
  const content = message.field('content');
  switch (role.text()) {
    case 'system':
    case 'developer':
      builder.addSystem(textsOf(readContent(builder, content)));
      break;
    case 'user':
      builder.add('user', readContent(builder, content));
      break;
    case 'assistant':
      builder.add('assistant', readAnswer(builder, message));
      break;
    case 'tool':
      builder.addResult(message.field('tool_call_id').text(), readContent(builder, content));
      break;
    default:
      throw role.invalid('must be system, developer, user, assistant or tool.');
  }
}

function readAnswer(builder: ConversationBuilder, message: ClientValue): Part[] {
  return [
    ...readReasoning(message),
    ...readContent(builder, message.field('content')),
    ...textParts(message.field('refusal').textOr('')),
    ...message.field('tool_calls').items().map(readCall),
  ];
}

/** Some models need their reasoning back, in the field in which they sent it. */
function readReasoning(message: ClientValue): Part[] {
  return ['reasoning_content', 'reasoning'].flatMap((name): Part[] => {
    const field = message.field(name);
    if (!field.isText || field.text() === '') return [];
    const replay = { dialect: 'openai-chat', data: { type: 'reasoning', field: name } };
    return [{ type: 'reasoning', text: field.text(), replay }];
  });
}

function readCall(call: ClientValue): Part {
  const described = call.field('function');
  const input = described.field('arguments').textOr('');
  return toCall(call.field('id').text(), described.field('name').text(), input);
}

/** A text, or a list of parts. */
function readContent(builder: ConversationBuilder, content: ClientValue): Part[] {
  if (content.isMissing) return [];
  if (content.isText) return textParts(content.text());
  return content.items().flatMap((part) => readPart(builder, part));
}

function readPart(builder: ConversationBuilder, part: ClientValue): Part[] {
  const type = part.field('type');
  switch (type.textOr('text')) {
    case 'text':
      return textParts(part.field('text').text());
    case 'refusal':
      return [{ type: 'text', text: part.field('refusal').text() }];
    case 'image_url':
      return [builder.fromDataUrl(part.field('image_url').field('url'))];
    case 'file': {
      const file = part.field('file');
      return [builder.fromDataUrl(file.field('file_data'), file.field('filename').textOr(null))];
    }
    default:
      throw type.invalid(`is "${type.text()}", which Synapse can't pass on to a model.`);
  }
}

function textsOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n\n');
}

function readFormat(format: ClientValue): DialectRequest['outputSchema'] {
  const type = format.field('type').textOr('text');
  if (type === 'json_object') return anyObject;
  if (type !== 'json_schema') return null;
  const described = format.field('json_schema');
  return readOutputSchema(described.field('name'), described.field('schema'));
}
