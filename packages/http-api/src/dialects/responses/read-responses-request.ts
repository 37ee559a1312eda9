import type { JsonValue, Part, Replay } from '@synapse/core';
import { readBody, type ClientValue } from '../client-fields.ts';
import { ConversationBuilder, toCall } from '../conversation-builder.ts';
import {
  readCommonFields,
  readKeeping,
  readMetadata,
  type DialectRequest,
} from '../dialect-request.ts';
import {
  anyObject,
  readOutputSchema,
  readTool,
  readTools,
  type ToolDialect,
} from '../read-tools.ts';

const DIALECT = 'openai-responses';

const toolDialect: ToolDialect = {
  type: 'function',
  read: (tool) => readTool(tool, 'parameters'),
  describe: (type, tool) => [type, tool.field('name').textOr('')].join(' ').trim(),
  choose(choice) {
    if (choice.isMissing || choice.raw === 'auto') return null;
    if (choice.raw === 'none' || choice.raw === 'required') return choice.raw;
    // A choice among several tools leaves the model free, as no choice does.
    return choice.field('type').raw === 'allowed_tools' ? null : choice.field('name');
  },
};

/** Reads a request of the Responses API; fields that nothing here needs are ignored. */
export function readResponsesRequest(json: JsonValue): DialectRequest {
  const body = readBody(json);
  const input = body.field('input');
  const builder = new ConversationBuilder();
  builder.addSystem(body.field('instructions').textOr(''));
  if (input.isText) builder.add('user', [{ type: 'text', text: input.text() }]);
  else for (const item of input.items()) addItem(builder, item);
  const previousResponse = body.field('previous_response_id');
  const conversation = readConversation(body.field('conversation'));
  if (!previousResponse.isMissing && conversation !== null) {
    throw previousResponse.invalid('must not be given together with "conversation".');
  }
  const background = body.field('background');
  const keeping = readKeeping(body);
  if (background.flag() && !keeping.isStored) {
    throw background.invalid('needs "store": true, because the answer is fetched later.');
  }
  const common = readCommonFields(body, builder);
  return {
    ...common,
    ...keeping,
    isBackground: background.flag(),
    ...readTools(body, toolDialect),
    outputSchema: readFormat(body.field('text').field('format')),
    maxOutputTokens: body.field('max_output_tokens').count(),
    temperature: body.field('temperature').numberUpTo(2),
    effort: body.field('reasoning').field('effort').textOr(null),
    previousResponse: previousResponse.textOr(null),
    conversation,
    metadata: { ...common.metadata, ...readMetadata(body.field('client_metadata')) },
  };
}

/** An id, or an object with one. */
function readConversation(conversation: ClientValue): string | null {
  if (conversation.isMissing) return null;
  return conversation.isText ? conversation.text() : conversation.field('id').text();
}

function addItem(builder: ConversationBuilder, item: ClientValue): void {
  const type = item.field('type');
  switch (type.textOr('message')) {
    case 'message':
      addMessage(builder, item);
      break;
    case 'reasoning':
      builder.add('assistant', readReasoning(item));
      break;
    case 'function_call':
      builder.add('assistant', [
        toCall(
          item.field('call_id').text(),
          item.field('name').text(),
          item.field('arguments').textOr(''),
        ),
      ]);
      break;
    case 'function_call_output':
      builder.addResult(
        item.field('call_id').text(),
        readContent(builder, item.field('output'), null),
      );
      break;
    case 'item_reference':
      throw type.invalid(
        'is "item_reference", which only the input of a response may be; send the item itself.',
      );
    default:
      // Calls of tools that a provider's own server runs: another model cannot use them.
      break;
  }
}

function addMessage(builder: ConversationBuilder, item: ClientValue): void {
  const role = item.field('role');
  const content = item.field('content');
  switch (role.text()) {
    case 'system':
    case 'developer':
      for (const part of readContent(builder, content, null)) {
        if (part.type === 'text') builder.addSystem(part.text);
      }
      break;
    case 'user':
      builder.add('user', readContent(builder, content, null));
      break;
    case 'assistant':
      builder.add('assistant', readContent(builder, content, item.field('phase').textOr(null)));
      break;
    default:
      throw role.invalid('must be system, developer, user or assistant.');
  }
}

/** A text, or a list of parts. `phase` is OpenAI's label of a text, which it wants back. */
function readContent(
  builder: ConversationBuilder,
  content: ClientValue,
  phase: string | null,
): Part[] {
  if (content.isMissing) return [];
  const parts = content.isText
    ? [textPart(content.text())]
    : content.items().map((part) => readPart(builder, part));
  const said = parts.filter((part) => part.type !== 'text' || part.text !== '');
  if (phase === null) return said;
  const replay: Replay = { dialect: DIALECT, data: { phase } };
  return said.map((part) => (part.type === 'text' ? { ...part, replay } : part));
}

function textPart(text: string): Part {
  return { type: 'text', text };
}

function readPart(builder: ConversationBuilder, part: ClientValue): Part {
  const type = part.field('type');
  switch (type.textOr('input_text')) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return textPart(part.field('text').text());
    case 'refusal':
      return textPart(part.field('refusal').text());
    case 'input_image':
      return builder.fromDataUrl(part.field('image_url'));
    case 'input_file':
      return builder.fromDataUrl(part.field('file_data'), part.field('filename').textOr(null));
    default:
      throw type.invalid(`is "${type.text()}", which Synapse can't pass on to a model.`);
  }
}

/** Readable reasoning, and the sealed reasoning that only OpenAI can open. */
function readReasoning(item: ClientValue): Part[] {
  const texts = (name: string) =>
    item
      .field(name)
      .items()
      .map((part) => part.field('text').textOr(''));
  const summary = texts('summary');
  const readable = summary.length > 0 ? summary : texts('content');
  const sealed = item.field('encrypted_content').textOr('');
  const text = readable.join('\n\n');
  if (sealed === '') return text === '' ? [] : [{ type: 'reasoning', text }];
  const data = { id: item.field('id').textOr(''), encrypted_content: sealed, summary };
  return [{ type: 'reasoning', text, replay: { dialect: DIALECT, data, isBound: true } }];
}

function readFormat(format: ClientValue): DialectRequest['outputSchema'] {
  const type = format.field('type').textOr('text');
  if (type === 'json_object') return anyObject;
  if (type !== 'json_schema') return null;
  return readOutputSchema(format.field('name'), format.field('schema'));
}
