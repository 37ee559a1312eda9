import { basename } from 'node:path';
import type { JsonObject, JsonValue } from '@synapse/core';
import { SESSION, factsOfSession, factsOfTask, ownText, type ClineFacts } from './cline-facts.ts';
import { shownHistory } from './cline-shown.ts';
import { isOfResult, rawPart, toContentParts } from '../content-blocks.ts';
import type { HistoryFormat, HistoryPart, Skip } from '../history.ts';
import { readJson } from '../json-document.ts';
import {
  asRecord,
  countIn,
  listIn,
  recordIn,
  recordsOf,
  textIn,
  timeIn,
  usageOf,
} from '../json-values.ts';
import { toNodes, type TreeMessage } from '../message-tree.ts';

const TASK = 'api_conversation_history.json';
const SHOWN = 'ui_messages.json';

/** Text that Cline writes into the messages of the user: facts, results of tools that are text, notices. */
const INJECTED =
  /^\s*(<(environment_details|SYSTEM_NOTICE)>|\[(ERROR|TASK RESUMPTION)\]|# todo list)/i;
const RESULT = /^\s*\[[\w-]+(?: for [^]*?)?\] Result:/;

/**
 * The tasks of Roo Code: `tasks/<id>/api_conversation_history.json`, or `ui_messages.json` where that one is missing.
 */
export const rooCode = formatOf('roo-code');

/** The tasks of Kilo Code, in the same form. */
export const kiloCode = formatOf('kilo-code');

/** The tasks of Cline, in the same form, and the newer sessions: `sessions/<id>/<id>.messages.json`. */
export const cline = formatOf('cline');

function formatOf(tool: string): HistoryFormat {
  return {
    tool,
    detects: ({ path }, beginning) => toolOf(path, beginning) === tool,
    async *read(file, skip) {
      const value = await readJson(file);
      if (file.path.endsWith(SHOWN)) {
        const history = shownHistory(file, recordsOf(value));
        if (history) yield history;
        else skip('file', 'has no messages');
        return;
      }
      const isTask = Array.isArray(value);
      const records = isTask ? value : listIn(asRecord(value), 'messages');
      const facts = isTask
        ? await factsOfTask(file, records)
        : await factsOfSession(file, asRecord(value), records);
      const messages = toMessages(records, facts, skip);
      if (messages.length === 0) {
        skip('file', 'has no messages');
        return;
      }
      const { nodes } = toNodes(messages, facts.history.createdAt);
      const { model, provider } = messages.findLast((message) => message.model !== undefined) ?? {};
      yield { model, provider, ...facts.history, nodes };
    },
  };
}

function toolOf(path: string, beginning: string): string | undefined {
  const name = basename(path);
  if (name.endsWith(SESSION)) {
    const isSession = /^\uFEFF?\s*\{/.test(beginning) && /"messages"\s*:\s*\[/.test(beginning);
    return isSession && /"(sessionId|agent)"\s*:/.test(beginning) ? 'cline' : undefined;
  }
  if (!/^\uFEFF?\s*\[\s*(\{|\])/.test(beginning)) return undefined;
  const isShown = name.endsWith(SHOWN) && /"(say|ask)"\s*:/.test(beginning);
  if (name !== TASK && !isShown) return undefined;
  if (/kilo-?code/i.test(path)) return 'kilo-code';
  // Cline does not name the mode in its facts.
  const isRoo = /roo-?(cline|code)/i.test(path) || beginning.includes('\\n<slug>');
  return isRoo ? 'roo-code' : 'cline';
}

function toMessages(records: readonly JsonValue[], facts: ClineFacts, skip: Skip): TreeMessage[] {
  const messages: TreeMessage[] = [];
  const names = new Map<string, string>();
  // The request of a message is that of the next answer.
  let answerAt = -1;
  for (const [index, value] of records.entries()) {
    const record = asRecord(value);
    const role = textIn(record, 'role');
    if (role !== 'user' && role !== 'assistant') {
      skip(`message ${index + 1}`, 'has no known role', true);
      continue;
    }
    if (answerAt < index) answerAt = nextAnswer(records, index);
    const request = facts.requests.get(answerAt);
    const createdAt = timeIn(record, 'ts') ?? request?.startedAt;
    const id = textIn(record, 'id');
    const parts = toParts(record, (callId) => names.get(callId) ?? '');
    if (role === 'assistant') {
      for (const part of parts) if (part.type === 'tool-call') names.set(part.id, part.name);
      const usage = request?.usage ?? usageIn(recordIn(record, 'metrics'));
      const after = facts.requests.get(nextAnswer(records, index + 1))?.startedAt;
      messages.push({
        ...{ id, role, parts, createdAt, usage, isInterrupted: request?.isCancelled },
        ...modelOf(recordIn(record, 'modelInfo'), facts.models, after),
      });
      continue;
    }
    const results = parts.filter(isOfResult);
    const rest = parts.filter((part) => !isOfResult(part));
    const resultsId = id !== undefined && rest.length > 0 ? `${id} results` : id;
    if (results.length > 0)
      messages.push({ id: resultsId, role: 'tool', parts: results, createdAt });
    if (rest.length > 0) messages.push({ id, role, parts: markInjected(record, rest), createdAt });
  }
  return messages;
}

function nextAnswer(records: readonly JsonValue[], from: number): number {
  for (let index = from; index < records.length; index += 1) {
    if (textIn(asRecord(records[index]), 'role') === 'assistant') return index;
  }
  return records.length;
}

function toParts(record: JsonObject, nameOfCall: (id: string) => string): HistoryPart[] {
  const reasoning = textIn(record, 'reasoning_content');
  const parts = toContentParts(record.content ?? [], nameOfCall).map((part): HistoryPart => {
    const text = part.type === 'raw' ? textIn(asRecord(part.data), 'text') : undefined;
    const isReasoning = part.type === 'raw' && part.kind === 'reasoning' && text !== undefined;
    return isReasoning ? { type: 'reasoning', text } : part;
  });
  if (record.content === undefined)
    parts.push(rawPart(textIn(record, 'type') ?? 'message', record));
  if (reasoning) parts.unshift({ type: 'reasoning', text: reasoning });
  return parts;
}

/** The result of a tool without an id is a text in a message of the user, after a line that names the tool. */
function markInjected(record: JsonObject, parts: HistoryPart[]): HistoryPart[] {
  const metadata = recordIn(record, 'metadata');
  const isNotice = record.isSummary === true || textIn(metadata, 'kind') === 'compaction';
  let isAfterResult = false;
  return parts.map((part) => {
    if (part.type !== 'text') return part;
    const isResult = RESULT.test(part.text);
    const isOwn = ownText(part.text) !== undefined;
    const isInjected = INJECTED.test(part.text) || ((isResult || isAfterResult) && !isOwn);
    isAfterResult = isResult;
    return isInjected || isNotice ? { ...part, isInjected: true } : part;
  });
}

function modelOf(
  info: JsonObject,
  models: readonly JsonObject[],
  before: Date | undefined,
): Pick<TreeMessage, 'model' | 'provider'> {
  const used = models.findLast((one) => before === undefined || countIn(one, 'ts') < +before);
  const model = textIn(info, 'modelId') ?? textIn(info, 'id') ?? textIn(used ?? {}, 'model_id');
  const named = textIn(info, 'providerId') ?? textIn(info, 'provider');
  return { model, provider: named ?? textIn(used ?? {}, 'model_provider_id') };
}

/** The figures of an answer: those of sessions, or those that newer tasks keep. Both count cached tokens as input. */
function usageIn(metrics: JsonObject): TreeMessage['usage'] {
  const tokens = recordIn(metrics, 'tokens');
  return usageOf({
    inputTokens: countIn(metrics, 'inputTokens') || countIn(tokens, 'prompt'),
    outputTokens: countIn(metrics, 'outputTokens') || countIn(tokens, 'completion'),
    cacheReadTokens: countIn(metrics, 'cacheReadTokens') || countIn(tokens, 'cached'),
    cacheWriteTokens: countIn(metrics, 'cacheWriteTokens'),
  });
}
