import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { chatOrderProblems } from '../chat-order-problems.ts';

const folder = join(process.cwd(), 'test/fixtures/exports');
const ajv = new Ajv2020({ strict: false, unicodeRegExp: false });
const schemas = {
  atif: load('atif-1.7'),
  openai: load('openai-messages'),
  sharegpt: load('sharegpt'),
  opencode: load('opencode-1.18'),
};

/** What readers of ATIF 1.7 would refuse in a trajectory. */
export function atifProblems(text: string): string[] {
  const value: unknown = JSON.parse(text);
  const problems = schemaProblems('atif', value);
  if (problems.length > 0) return problems;
  const { steps, final_metrics: metrics } = value as AtifTrajectory;
  steps.forEach(({ step_id: id, tool_calls: calls = [], observation }, index) => {
    if (id !== index + 1) problems.push(`step ${index + 1} has the number ${id}`);
    for (const { source_call_id: source } of observation?.results ?? []) {
      if (source == null) continue;
      const { length } = calls.filter(({ tool_call_id: callId }) => callId === source);
      if (length !== 1) problems.push(`step ${id}: a result of ${length} calls`);
    }
  });
  if (metrics.total_steps !== steps.length) problems.push('has another number of steps');
  return problems;
}

interface AtifTrajectory {
  steps: {
    step_id: number;
    tool_calls?: { tool_call_id: string }[];
    observation?: { results: { source_call_id?: string | null }[] };
  }[];
  final_metrics: { total_steps: number };
}

/** What a service for fine-tuning would refuse in lines of chat messages. */
export function openaiProblems(text: string): string[] {
  const lines = text.split('\n');
  const problems = lines.pop() === '' ? [] : ['the last line has no end'];
  for (const line of lines) {
    const value: unknown = JSON.parse(line);
    const found = schemaProblems('openai', value);
    problems.push(...found);
    if (found.length > 0) continue;
    const { messages } = value as { messages: ChatMessage[] };
    problems.push(...chatOrderProblems(messages));
    messages.forEach(({ role, tool_calls: calls = [] }, index) => {
      if (role === 'system' && index > 0) problems.push('a system message that is not the first');
      for (const call of calls) JSON.parse(call.function.arguments);
    });
  }
  return problems;
}

interface ChatMessage {
  role: string;
  tool_calls?: { function: { arguments: string } }[];
}

/** What LLaMA-Factory would skip. */
export function sharegptProblems(text: string): string[] {
  const value: unknown = JSON.parse(text);
  const problems = schemaProblems('sharegpt', value);
  if (problems.length > 0) return problems;
  for (const { conversations } of value as { conversations: { from: string; value: string }[] }[]) {
    conversations.forEach(({ from, value: said }, index) => {
      const isOfModel = from === 'gpt' || from === 'function_call';
      if (isOfModel !== (index % 2 === 1)) problems.push(`${from} in place ${index}`);
      if (from === 'function_call') JSON.parse(said.replace(/^<think>\n[^]*\n<\/think>\n\n/, ''));
    });
  }
  return problems;
}

/** What would arrive in opencode in another order, or not at all. */
export function opencodeProblems(text: string): string[] {
  const value: unknown = JSON.parse(text);
  const problems = schemaProblems('opencode', value);
  if (problems.length > 0) return problems;
  const { info, messages } = value as OpencodeExport;
  const ids = messages.map((message) => message.info.id);
  const parts = messages.flatMap((message) => message.parts.map(({ id }) => id));
  for (const list of [ids, parts]) {
    if (list.some((id, index) => index > 0 && id <= list[index - 1]!)) {
      problems.push('ids do not ascend');
    }
  }
  const questions = new Set<string>();
  for (const { info: message, parts: own } of messages) {
    if (message.role === 'user') questions.add(message.id);
    else if (!questions.has(message.parentID)) problems.push('an answer to no question');
    for (const { sessionID } of [message, ...own]) {
      if (sessionID !== info.id) problems.push('belongs to another session');
    }
    if (own.some(({ messageID }) => messageID !== message.id)) problems.push('a stray part');
  }
  return problems;
}

interface OpencodeExport {
  info: { id: string };
  messages: {
    info: { id: string; role: string; parentID: string; sessionID: string };
    parts: { id: string; messageID: string; sessionID: string }[];
  }[];
}

function schemaProblems(name: keyof typeof schemas, value: unknown): string[] {
  const validate = schemas[name];
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message = '' }) => `${instancePath} ${message}`,
  );
}

function load(name: string): ValidateFunction {
  const text = readFileSync(join(folder, `${name}.schema.json`), 'utf8');
  return ajv.compile(JSON.parse(text) as object);
}
