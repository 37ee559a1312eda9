import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import type { JsonObject, JsonValue, Usage } from '@synapse/core';
import { attachmentPart, rawPart } from '../content-blocks.ts';
import { readBeside, readJsonBeside } from '../file-beside.ts';
import { GeminiLog, type GeminiEntry } from './gemini-log.ts';
import type { HistoryFile, HistoryFormat, HistoryNode, HistoryPart } from '../history.ts';
import { readJson } from '../json-document.ts';
import { readJsonLines } from '../json-lines.ts';
import { asRecord, countIn, listIn, recordIn, textIn, timeIn, usageOf } from '../json-values.ts';
import { plainText } from '../message-tree.ts';

/** Text that Gemini CLI writes into the messages of the user. */
const INJECTED = /^\s*(<(session_context|system-reminder|hook_context)>|This is the Gemini CLI\.)/;

/** The sessions of Gemini CLI: `tmp/<project>/chats/session-<time>-<id>.json`, and the newer `.jsonl`. */
export const geminiCli: HistoryFormat = {
  tool: 'gemini-cli',

  detects: ({ path }, beginning) =>
    path.endsWith('.jsonl')
      ? /^\uFEFF?\s*\{[^\n]*"projectHash" ?:/.test(beginning)
      : path.endsWith('.json') &&
        /^\uFEFF?\s*\{/.test(beginning) &&
        /"messages"\s*:\s*\[/.test(beginning) &&
        /"(projectHash"\s*:|type"\s*:\s*"gemini")/.test(beginning),

  async *read(file, skip) {
    const log = new GeminiLog();
    if (file.path.endsWith('.json')) log.add(asRecord(await readJson(file)));
    else
      for await (const { number, record } of readJsonLines(file, skip)) {
        if (!log.add(record)) skip(`line ${number}`, 'has no known type', true);
      }
    const { meta } = log;
    const startedAt = timeIn(meta, 'startTime');
    const { nodes, activeId } = toNodes(log, startedAt ?? new Date(0));
    if (nodes.length === 0) {
      skip('file', 'has no messages');
      return;
    }
    const isSubagent = textIn(meta, 'kind') === 'subagent';
    yield {
      id: textIn(meta, 'sessionId') ?? basename(file.path),
      title: textIn(meta, 'summary') ?? null,
      createdAt: startedAt ?? nodes[0]?.createdAt ?? new Date(0),
      workingDirectory: await findFolder(file, textIn(meta, 'projectHash')),
      model: nodes.findLast(({ model }) => model !== undefined)?.model,
      provider: 'gemini',
      parentId: isSubagent ? basename(dirname(file.path)) : undefined,
      ...{ nodes, activeId },
    };
  },
};

/** A file names its folder only by a hash, or not at all; files of the project know the path. */
async function findFolder(file: HistoryFile, hash?: string): Promise<string | undefined> {
  for (const up of ['..', '../..']) {
    const path = (await readBeside(file, up, '.project_root'))?.trim();
    if (path) return path;
  }
  const projects = await readJsonBeside(file, '../../../projects.json');
  return Object.keys(recordIn(asRecord(projects), 'projects')).find(
    (path) => createHash('sha256').update(path).digest('hex') === hash,
  );
}

function toNodes(
  log: GeminiLog,
  startedAt: Date,
): { nodes: HistoryNode[]; activeId: string | null } {
  const nodes: HistoryNode[] = [];
  const answered = new Set<string>();
  // The last message of an entry; an entry without messages continues at its parent.
  const lastOf = new Map<GeminiEntry, HistoryNode | null>();
  for (const entry of log.entries) {
    let last = (entry.parent && lastOf.get(entry.parent)) ?? null;
    const time = entry.createdAt ?? last?.createdAt ?? startedAt;
    for (const message of toMessages(entry.record, answered)) {
      if (message.parts.length === 0) continue;
      const suffix = message.role === 'tool' ? ' results' : '';
      const node: HistoryNode = {
        ...{ id: String(nodes.length), parentId: last?.id ?? null, createdAt: time },
        ...{ key: `${entry.id}${suffix}`, ...message },
      };
      nodes.push(node);
      last = node;
    }
    lastOf.set(entry, last);
  }
  return { nodes, activeId: (log.tip && lastOf.get(log.tip)?.id) ?? null };
}

type Message = Pick<HistoryNode, 'role' | 'parts' | 'isOpen' | 'model' | 'provider' | 'usage'>;

function toMessages(record: JsonObject, answered: Set<string>): Message[] {
  const type = textIn(record, 'type') ?? 'message';
  if (type === 'user') return toUserMessages(record, answered);
  if (type !== 'gemini') return [{ role: 'assistant', parts: [rawPart(type, record)] }];
  const parts: HistoryPart[] = listIn(record, 'thoughts').map((value) => {
    const thought = asRecord(value);
    const texts = [textIn(thought, 'subject'), textIn(thought, 'description')];
    return { type: 'reasoning', text: texts.filter(Boolean).join('\n') };
  });
  const calls = listIn(record, 'toolCalls').map(asRecord);
  const ids = new Set(calls.map((call) => textIn(call, 'id')));
  for (const part of contentOf(record)) {
    // Gemini CLI repeats the calls of its history in the content.
    if (part.type !== 'tool-call' || !ids.has(part.id)) parts.push(part);
  }
  const results: HistoryPart[] = [];
  for (const [index, call] of calls.entries()) {
    const name = textIn(call, 'name') ?? '';
    const id = textIn(call, 'id') ?? `${textIn(record, 'id') ?? ''}_${index}`;
    parts.push({ type: 'tool-call', id, name, input: recordIn(call, 'args') });
    const isError = /^(error|cancelled)$/.test(textIn(call, 'status') ?? '');
    for (const part of toParts(call.result ?? null)) {
      results.push(part.type === 'tool-result' ? { ...part, id, name, isError } : part);
      if (part.type === 'tool-result') answered.add(id);
    }
  }
  const model = textIn(record, 'model');
  const usage = usageIn(recordIn(record, 'tokens'));
  return [
    {
      ...{ role: 'assistant', parts, provider: 'gemini', isOpen: calls.length === 0 },
      ...(model !== undefined && { model }),
      ...(usage && { usage }),
    },
    { role: 'tool', parts: results },
  ];
}

/** The results of tools are also a message of the user, unless the tool was stopped. */
function toUserMessages(record: JsonObject, answered: Set<string>): Message[] {
  const shown = Object.hasOwn(record, 'displayContent')
    ? plainText(toParts(record.displayContent ?? null))
    : undefined;
  const results: HistoryPart[] = [];
  const parts: HistoryPart[] = [];
  // A result may have images behind it.
  let result: 'none' | 'known' | 'new' = 'none';
  for (const part of contentOf(record)) {
    if (part.type === 'tool-result') {
      result = answered.has(part.id) ? 'known' : 'new';
      answered.add(part.id);
    } else if (!('bytes' in part)) result = 'none';
    if (result !== 'none') {
      if (result === 'new') results.push(part);
      continue;
    }
    // The content of files that the prompt names follows the prompt.
    const isShown = part.type !== 'text' || shown === undefined || shown.includes(part.text);
    if (part.type === 'text' && (INJECTED.test(part.text) || !isShown)) part.isInjected = true;
    parts.push(part);
  }
  return [
    { role: 'tool', parts: results },
    { role: 'user', parts },
  ];
}

function usageIn(tokens: JsonObject): Usage | undefined {
  const reasoningTokens = countIn(tokens, 'thoughts');
  return usageOf({
    inputTokens: countIn(tokens, 'input') + countIn(tokens, 'tool'),
    outputTokens: countIn(tokens, 'output') + reasoningTokens,
    cacheReadTokens: countIn(tokens, 'cached'),
    reasoningTokens,
  });
}

function contentOf(record: JsonObject): HistoryPart[] {
  return toParts(record.content ?? null);
}

function toParts(content: JsonValue): HistoryPart[] {
  if (content === null || content === '') return [];
  return (Array.isArray(content) ? content : [content]).map((part) =>
    typeof part === 'string' ? { type: 'text', text: part } : toPart(asRecord(part), part),
  );
}

function toPart(part: JsonObject, value: JsonValue): HistoryPart {
  const text = textIn(part, 'text');
  if (text !== undefined) return { type: part.thought === true ? 'reasoning' : 'text', text };
  const call = recordIn(part, 'functionCall');
  const name = textIn(call, 'name');
  if (name !== undefined) {
    return {
      type: 'tool-call',
      id: textIn(call, 'id') ?? name,
      name,
      input: recordIn(call, 'args'),
    };
  }
  const response = recordIn(part, 'functionResponse');
  if (Object.hasOwn(response, 'response')) return toResult(response);
  const inline = recordIn(part, 'inlineData');
  const data = textIn(inline, 'data');
  if (data !== undefined) {
    const mediaType = textIn(inline, 'mimeType') ?? 'application/octet-stream';
    return attachmentPart(mediaType, Buffer.from(data, 'base64'), textIn(inline, 'displayName'));
  }
  return rawPart(Object.keys(part)[0] ?? 'part', value);
}

function toResult(response: JsonObject): HistoryPart {
  const name = textIn(response, 'name') ?? '';
  const content = recordIn(response, 'response');
  const error = textIn(content, 'error');
  const output = textIn(content, 'output') ?? error ?? JSON.stringify(response.response);
  const id = textIn(response, 'id') ?? name;
  return { type: 'tool-result', id, name, output, isError: error !== undefined };
}
