import { basename, dirname } from 'node:path';
import type { JsonObject } from '@synapse/core';
import { toRequest } from './cline-requests.ts';
import { rawPart } from '../content-blocks.ts';
import type { History, HistoryFile, HistoryPart } from '../history.ts';
import { listIn, textIn, timeIn } from '../json-values.ts';
import { toNodes, type TreeMessage } from '../message-tree.ts';
import { fromDataUrl, parseJson } from '../tool-values.ts';

/** What Cline showed of a task, which is all that is left of it if its messages are missing. */
export function shownHistory(file: HistoryFile, shown: readonly JsonObject[]): History | null {
  const messages = toMessages(shown);
  const first = messages[0];
  if (!first) return null;
  const name = basename(file.path, '.json');
  const id = name === 'ui_messages' ? basename(dirname(file.path)) : name;
  const createdAt = first.createdAt ?? new Date(0);
  const { nodes } = toNodes(messages, createdAt);
  return { id, title: null, createdAt, nodes };
}

function toMessages(shown: readonly JsonObject[]): TreeMessage[] {
  const messages: TreeMessage[] = [];
  for (const record of shown) {
    const kind = textIn(record, 'say') ?? textIn(record, 'ask') ?? 'record';
    const isPrompt = messages.length === 0 || kind.startsWith('user_feedback');
    const last = messages.at(-1);
    const createdAt = timeIn(record, 'ts') ?? last?.createdAt;
    const id = `shown ${createdAt?.getTime() ?? 0} ${kind}`;
    if (kind === 'api_req_started') {
      const { usage, isCancelled } = toRequest(record);
      const answer = { id, role: 'assistant' as const, parts: [], createdAt, usage };
      messages.push({ ...answer, isInterrupted: isCancelled, isOpen: true });
    } else if (isPrompt || last?.role !== 'assistant') {
      const role = isPrompt ? 'user' : 'assistant';
      messages.push({ id, role, parts: toParts(kind, record), createdAt });
    } else {
      for (const part of toParts(kind, record)) last.parts.push(part);
      last.isOpen = kind !== 'completion_result';
    }
  }
  return messages;
}

function toParts(kind: string, record: JsonObject): HistoryPart[] {
  const text = textIn(record, 'text') ?? '';
  const images = listIn(record, 'images').map(
    (image) => fromDataUrl(typeof image === 'string' ? image : '', null) ?? rawPart('image', image),
  );
  if (/^(task|text|user_feedback|completion_result|followup|plan_mode_respond)$/.test(kind)) {
    return text === '' ? images : [{ type: 'text', text }, ...images];
  }
  if (kind === 'reasoning') return [{ type: 'reasoning', text }];
  return [rawPart(kind, parseJson(text) ?? record)];
}
