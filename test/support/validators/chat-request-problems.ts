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
import { thoughtSignature } from './seals.ts';
import { checkStrictSchema } from './answer-schema-problems.ts';
import { checkOpenAiSchema } from './tool-schema-problems.ts';

export interface ChatRules {
  /** The ids of calls that the server takes. */
  callId: RegExp;
  systemRoles: readonly string[];
  /** Mistral refuses a question right behind the results of tools. */
  allowsUserAfterTool: boolean;
  /** Kimi refuses a call without the reasoning that led to it, and takes none for an empty text. */
  needsReasoning: boolean;
  /** Gemini refuses a step of the turn under way whose first call lacks the signature of its thought. */
  needsSignatures: boolean;
  /** Templates of small models can't hold an answer with more than one call. */
  takesOneCall: boolean;
}

export const OPENAI_CHAT_RULES: ChatRules = {
  callId: /^[a-zA-Z0-9_-]{1,40}$/,
  systemRoles: ['system', 'developer'],
  allowsUserAfterTool: true,
  needsReasoning: false,
  needsSignatures: false,
  takesOneCall: false,
};

export const GEMINI_RULES: ChatRules = {
  ...OPENAI_CHAT_RULES,
  systemRoles: ['system'],
  needsSignatures: true,
};

export const ONE_CALL_RULES: ChatRules = { ...OPENAI_CHAT_RULES, takesOneCall: true };

export const KIMI_RULES: ChatRules = { ...OPENAI_CHAT_RULES, needsReasoning: true };

export const MISTRAL_RULES: ChatRules = {
  callId: /^[a-zA-Z0-9]{9}$/,
  systemRoles: ['system'],
  allowsUserAfterTool: false,
  needsReasoning: false,
  needsSignatures: false,
  takesOneCall: false,
};

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** What of it Chat Completions would refuse, at OpenAI or at a stricter server. */
export function chatRequestProblems(body: Json, rules: ChatRules): string[] {
  const problems = new Problems(body);
  const messages = recordsOf(body.messages);
  problems.check(isText(body.model), 'model: missing');
  problems.check(body.tools === undefined || recordsOf(body.tools).length > 0, 'tools: too short');
  for (const tool of recordsOf(body.tools)) checkTool(tool, problems);
  if (isRecord(body.response_format)) {
    checkStrictSchema(body.response_format.json_schema, problems);
  }

  let open: string[] = [];
  let before = 'system';
  const ids = new Set<string>();
  messages.forEach((message, index) => {
    const where = `messages.${index}`;
    const role = String(message.role);
    if (role !== 'tool') {
      problems.check(open.length === 0, `${where}: tool_calls without a response to each`);
      open = [];
    }
    switch (role) {
      case 'user':
        problems.check(isContent(message.content), `${where}: content`);
        problems.check(before !== 'user', `${where}: user after user`);
        problems.check(before !== 'tool' || rules.allowsUserAfterTool, `${where}: user after tool`);
        break;
      case 'assistant':
        problems.check(before !== 'assistant' && before !== 'system', `${where}: assistant there`);
        open = checkCalls(message, where, rules, ids, problems);
        break;
      case 'tool': {
        const id = String(message.tool_call_id);
        problems.check(open.includes(id), `${where}: no tool call asked for this`);
        problems.check(isTextContent(message.content), `${where}: content of a result`);
        open = open.filter((other) => other !== id);
        break;
      }
      default:
        problems.check(rules.systemRoles.includes(role) && index === 0, `${where}: role ${role}`);
        problems.check(isTextContent(message.content), `${where}: content`);
    }
    before = rules.systemRoles.includes(role) ? 'system' : role;
  });
  if (rules.needsSignatures) checkSignatures(messages, problems);
  problems.check(open.length === 0, 'messages: tool_calls without a response to each');
  problems.check(before === 'user' || before === 'tool', 'messages: nothing to answer');
  return problems.found;
}

/** Returns the ids that must be answered now. */
function checkCalls(
  message: Json,
  where: string,
  rules: ChatRules,
  ids: Set<string>,
  problems: Problems,
): string[] {
  const calls = recordsOf(message.tool_calls);
  problems.check(
    message.tool_calls === undefined || calls.length > 0,
    `${where}: empty tool_calls`,
  );
  const { reasoning_details: details } = message;
  const areSound = recordsOf(details).every(({ type }) => /^reasoning[.]\w+$/.test(String(type)));
  const isList = Array.isArray(details) && details.length === recordsOf(details).length;
  problems.check(
    details === undefined || (isList && details.length > 0 && areSound),
    `${where}: reasoning_details`,
  );
  const { reasoning_content: reasoning } = message;
  problems.check(
    !rules.needsReasoning ||
      calls.length === 0 ||
      (typeof reasoning === 'string' && reasoning !== ''),
    `${where}: reasoning_content is missing in assistant tool call message`,
  );
  problems.check(
    !rules.takesOneCall || calls.length <= 1,
    `${where}: This model only supports single tool-calls at once!`,
  );
  const hasContent = isText(message.content);
  problems.check(hasContent || (message.content ?? null) === null, `${where}: blank content`);
  problems.check(hasContent || calls.length > 0, `${where}: neither content nor tool_calls`);
  return calls.map((call) => {
    const id = String(call.id);
    const wanted = isRecord(call.function) ? call.function : {};
    problems.check(call.type === 'function', `${where}: type of a call`);
    problems.check(rules.callId.test(id), `${where}: id of a call: ${id}`);
    problems.check(!ids.has(id), `${where}: the id ${id} again`);
    ids.add(id);
    problems.check(NAME.test(String(wanted.name)), `${where}: name of a function`);
    problems.check(isJsonObject(wanted.arguments), `${where}: arguments of a function`);
    return id;
  });
}

/** A turn begins with the last words of the user; what is older may lack its signatures. */
function checkSignatures(messages: readonly Json[], problems: Problems): void {
  const begin = messages.findLastIndex(({ role }) => role === 'user');
  messages.forEach(({ tool_calls: calls }, index) => {
    const [first] = recordsOf(calls);
    if (index < begin || !first) return;
    problems.check(
      isText(thoughtSignature(first)),
      `messages.${index}: Function call is missing a thought_signature`,
    );
  });
}

function checkTool(tool: Json, problems: Problems): void {
  const wanted = isRecord(tool.function) ? tool.function : {};
  problems.check(tool.type === 'function' && NAME.test(String(wanted.name)), 'tools: name');
  checkOpenAiSchema(wanted.parameters, problems);
}

/** As one text, or in parts, which a router needs to mark what it shall cache. */
function isTextContent(content: unknown): boolean {
  return isContent(content) && recordsOf(content).every(({ type }) => type === 'text');
}

function isContent(content: unknown): boolean {
  if (typeof content === 'string') return isText(content);
  const parts = recordsOf(content);
  return parts.length > 0 && parts.every(isPart);
}

function isPart(part: Json): boolean {
  switch (part.type) {
    case 'text':
      return isText(part.text);
    case 'image_url':
      return isRecord(part.image_url) && isDataUrl(part.image_url.url, IMAGE_TYPE);
    case 'file':
      return (
        isRecord(part.file) &&
        isText(part.file.filename) &&
        isDataUrl(part.file.file_data, /^application\/pdf$/)
      );
    default:
      return false;
  }
}
