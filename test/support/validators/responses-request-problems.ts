import {
  IMAGE_TYPE,
  isDataUrl,
  isJsonObject,
  isRecord,
  isText,
  Problems,
  recordsOf,
  type Json,
} from './problems.ts';
import { checkStrictSchema } from './answer-schema-problems.ts';
import { checkOpenAiSchema } from './tool-schema-problems.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const CALL_ID = /^[a-zA-Z0-9_-]{1,64}$/;

/** What of it the Responses API would refuse of somebody who lets nothing be stored. */
export function responsesRequestProblems(body: Json): string[] {
  const problems = new Problems(body);
  problems.check(isText(body.model), 'model: missing');
  problems.check(body.store === false, 'store: must be false here');
  problems.check(
    body.instructions === undefined || isText(body.instructions),
    'instructions: blank',
  );
  for (const tool of recordsOf(body.tools)) {
    problems.check(tool.type === 'function' && NAME.test(String(tool.name)), 'tools: name');
    checkOpenAiSchema(tool.parameters, problems);
  }
  if (isRecord(body.text)) checkStrictSchema(body.text.format, problems);
  const items = recordsOf(body.input);
  problems.check(items.length > 0, 'input: empty');
  problems.check(Array.isArray(body.input) && items.length === body.input.length, 'input: items');
  items.forEach((item, index) => {
    checkItem(item, items[index + 1], `input.${index}`, problems);
  });
  checkPairs(items, problems);
  const reasoningIds = items.filter(({ type }) => type === 'reasoning').map(({ id }) => id);
  problems.check(new Set(reasoningIds).size === reasoningIds.length, 'input: duplicate item');
  const last = items.at(-1);
  const isQuestion = last?.role === 'user' || last?.type === 'function_call_output';
  problems.check(isQuestion, 'input: nothing to answer');
  return problems.found;
}

function checkItem(item: Json, next: Json | undefined, where: string, problems: Problems): void {
  switch (item.type ?? 'message') {
    case 'message':
      problems.check(isMessage(item), `${where}: message`);
      problems.check(isPhased(item), `${where}: phase`);
      break;
    case 'reasoning': {
      problems.check(startsWith(item.id, 'rs_'), `${where}: id of reasoning`);
      problems.check(isText(item.encrypted_content), `${where}: unknown item without its content`);
      const isSummary =
        Array.isArray(item.summary) &&
        item.summary.every((part) => isRecord(part) && typeof part.text === 'string');
      problems.check(isSummary, `${where}: summary`);
      const isFollowed =
        next?.type === 'reasoning' || next?.type === 'function_call' || next?.role === 'assistant';
      problems.check(isFollowed, `${where}: reasoning without its required following item`);
      break;
    }
    case 'function_call':
      problems.check(CALL_ID.test(String(item.call_id)), `${where}: call_id`);
      problems.check(NAME.test(String(item.name)), `${where}: name`);
      problems.check(isJsonObject(item.arguments), `${where}: arguments`);
      problems.check(item.id === undefined || startsWith(item.id, 'fc_'), `${where}: id`);
      break;
    case 'function_call_output': {
      const parts = recordsOf(item.output);
      const isOutput = isText(item.output) || (parts.length > 0 && parts.every(isInputPart));
      problems.check(isOutput, `${where}: output`);
      break;
    }
    default:
      problems.check(false, `${where}: unknown type ${String(item.type)}`);
  }
}

function checkPairs(items: Json[], problems: Problems): void {
  const open = new Set<unknown>();
  const seen = new Set<unknown>();
  for (const item of items) {
    const { type, call_id: id } = item;
    if (type === 'function_call') {
      problems.check(!seen.has(id), `input: the call_id ${String(id)} again`);
      seen.add(id);
      open.add(id);
    } else if (type === 'function_call_output') {
      problems.check(open.delete(id), `input: no tool call found for ${String(id)}`);
    } else if (item.role === 'user') {
      problems.check(open.size === 0, 'input: no tool output found before the next question');
    }
  }
  problems.check(open.size === 0, 'input: no tool output found');
}

function isPhased({ role, phase }: Json): boolean {
  if (phase === undefined) return true;
  return role === 'assistant' && (phase === 'commentary' || phase === 'final_answer');
}

function isMessage({ role, content }: Json): boolean {
  if (typeof content === 'string')
    return isText(content) && /^(user|assistant)$/.test(String(role));
  const parts = recordsOf(content);
  if (parts.length === 0) return false;
  if (role === 'user') return parts.every(isInputPart);
  return (
    role === 'assistant' && parts.every((part) => part.type === 'output_text' && isText(part.text))
  );
}

function isInputPart(part: Json): boolean {
  switch (part.type) {
    case 'input_text':
      return isText(part.text);
    case 'input_image':
      return isDataUrl(part.image_url, IMAGE_TYPE);
    case 'input_file':
      return isText(part.filename) && isDataUrl(part.file_data, /^application\/pdf$/);
    default:
      return false;
  }
}

function startsWith(value: unknown, prefix: string): boolean {
  return typeof value === 'string' && value.startsWith(prefix);
}
