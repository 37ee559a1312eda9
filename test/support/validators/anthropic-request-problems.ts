import {
  IMAGE_TYPE,
  isBase64,
  isRecord,
  isText,
  Problems,
  recordsOf,
  type Json,
} from './problems.ts';
import { checkAnthropicAnswerSchema } from './answer-schema-problems.ts';
import { checkAnthropicSchema } from './tool-schema-problems.ts';

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;
const ID = /^[a-zA-Z0-9_-]+$/;
const MOST_CACHE_MARKS = 4;

/** What of it the Messages API would refuse. */
export function anthropicRequestProblems(body: Json): string[] {
  const problems = new Problems(body);
  problems.check(isText(body.model), 'model: Field required');
  problems.check(
    Number.isInteger(body.max_tokens) && Number(body.max_tokens) > 0,
    'max_tokens: not positive',
  );
  for (const block of recordsOf(body.system))
    problems.check(isText(block.text), 'system: blank text');
  checkTools(body, problems);
  if (isRecord(body.output_config) && isRecord(body.output_config.format)) {
    checkAnthropicAnswerSchema(body.output_config.format.schema, problems);
  }
  checkThinking(body, problems);
  checkMessages(body, problems);
  const marks = JSON.stringify(body).split('"cache_control":').length - 1;
  problems.check(marks <= MOST_CACHE_MARKS, `cache_control: ${marks} blocks`);
  return problems.found;
}

function checkTools({ tools }: Json, problems: Problems): void {
  const names = recordsOf(tools).map(({ name }) => name);
  problems.check(new Set(names).size === names.length, 'tools: names must be unique');
  for (const tool of recordsOf(tools)) {
    problems.check(NAME.test(String(tool.name)), 'tools: name');
    checkAnthropicSchema(tool.input_schema, problems);
  }
}

function checkThinking({ thinking, max_tokens, temperature }: Json, problems: Problems): void {
  if (!isRecord(thinking)) return;
  if (thinking.type !== 'disabled') {
    problems.check(
      temperature === undefined || temperature === 1,
      'temperature: must be 1 when thinking',
    );
  }
  if (thinking.type !== 'enabled') return;
  const budget = Number(thinking.budget_tokens);
  problems.check(budget >= 1024, 'thinking.budget_tokens: less than 1024');
  problems.check(budget < Number(max_tokens), 'max_tokens: not greater than the budget');
}

function checkMessages(body: Json, problems: Problems): void {
  const messages = recordsOf(body.messages);
  if (!problems.check(messages.length > 0, 'messages: at least one message is required')) return;
  problems.check(messages[0]?.role === 'user', 'messages: first message must use the user role');
  problems.check(messages.at(-1)?.role === 'user', 'messages: prefill is not supported');
  const ids = new Set<unknown>();
  messages.forEach(({ role, content }, index) => {
    const where = `messages.${index}`;
    problems.check(role === 'user' || role === 'assistant', `${where}: role`);
    const blocks =
      typeof content === 'string' ? [{ type: 'text', text: content }] : recordsOf(content);
    problems.check(blocks.length > 0, `${where}: must have non-empty content`);
    for (const block of blocks) checkBlock(block, role === 'user', where, problems);
    for (const { id } of blocks.filter(({ type }) => type === 'tool_use')) {
      problems.check(!ids.has(id), `${where}: tool_use ids must be unique`);
      ids.add(id);
    }
    if (role === 'assistant') {
      const lastType = String(blocks.at(-1)?.type);
      problems.check(
        !lastType.endsWith('thinking'),
        `${where}: the final block cannot be thinking`,
      );
    }
    checkPairs(blocks, recordsOf(messages[index - 1]?.content), where, problems);
    if (role !== 'assistant') return;
    const answers = recordsOf(messages[index + 1]?.content).map((block) => block.tool_use_id);
    for (const block of blocks.filter(({ type }) => type === 'tool_use')) {
      problems.check(
        answers.includes(block.id),
        `${where}: tool_use without tool_result right after`,
      );
    }
  });
}

function checkPairs(blocks: Json[], before: Json[], where: string, problems: Problems): void {
  const results = blocks.filter(({ type }) => type === 'tool_result');
  const calls = before.filter(({ type }) => type === 'tool_use').map(({ id }) => id);
  const answered = results.map((block) => block.tool_use_id);
  problems.check(
    new Set(answered).size === answered.length,
    `${where}: multiple results for one call`,
  );
  for (const id of answered) problems.check(calls.includes(id), `${where}: unexpected tool_use_id`);
  const isFirst = blocks.slice(0, results.length).every(({ type }) => type === 'tool_result');
  problems.check(isFirst, `${where}: tool_result blocks must come first`);
}

function checkBlock(block: Json, isUser: boolean, where: string, problems: Problems): void {
  const source = isRecord(block.source) ? block.source : {};
  switch (block.type) {
    case 'text':
      problems.check(isText(block.text), `${where}: text must contain non-whitespace text`);
      break;
    case 'image':
      problems.check(isUser, `${where}: image in an answer`);
      problems.check(
        IMAGE_TYPE.test(String(source.media_type)),
        `${where}: image.source.media_type`,
      );
      problems.check(isBase64(source.data), `${where}: image.source.data`);
      break;
    case 'document':
      problems.check(isUser, `${where}: document in an answer`);
      if (source.type === 'base64') {
        problems.check(
          source.media_type === 'application/pdf',
          `${where}: document.source.media_type`,
        );
        problems.check(isBase64(source.data), `${where}: document.source.data`);
      } else problems.check(isText(source.data), `${where}: document.source.data`);
      problems.check(block.title === undefined || isText(block.title), `${where}: document.title`);
      break;
    case 'tool_use':
      problems.check(!isUser, `${where}: tool_use by the user`);
      problems.check(ID.test(String(block.id)), `${where}: tool_use.id`);
      problems.check(NAME.test(String(block.name)), `${where}: tool_use.name`);
      problems.check(isRecord(block.input), `${where}: tool_use.input must be a dictionary`);
      break;
    case 'tool_result': {
      problems.check(isUser, `${where}: tool_result in an answer`);
      const content = recordsOf(block.content);
      for (const inner of content) checkBlock(inner, true, where, problems);
      const isPlain = content.every(({ type }) => type === 'text');
      problems.check(
        block.is_error !== true || isPlain,
        `${where}: only text when is_error is true`,
      );
      break;
    }
    case 'thinking':
      problems.check(!isUser, `${where}: thinking by the user`);
      problems.check(typeof block.thinking === 'string', `${where}: thinking.thinking`);
      problems.check(isText(block.signature), `${where}: thinking.signature`);
      problems.check(block.cache_control === undefined, `${where}: thinking cannot be cached`);
      break;
    case 'redacted_thinking':
      problems.check(!isUser, `${where}: thinking by the user`);
      problems.check(isText(block.data), `${where}: redacted_thinking.data`);
      break;
    default:
      problems.check(false, `${where}: unknown block ${String(block.type)}`);
  }
}
