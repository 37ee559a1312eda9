import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { JsonObject } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import { attachmentPart, rawPart } from '../content-blocks.ts';
import type { HistoryFile, HistoryFormat, HistoryNode, HistoryPart, Skip } from '../history.ts';
import { asRecord, countIn, recordIn, textIn, timeIn } from '../json-values.ts';
import {
  countConversations,
  isDatabaseWith,
  readDatabase,
  type DatabaseReader,
} from '../history-database.ts';
import { fromDataUrl, parseJson, toCall } from '../tool-values.ts';

const DATABASE = {
  name: /^crush\.db$/,
  columns: { goose_db_version: 'version_id', sessions: 'parent_session_id', messages: 'parts' },
};

/** The database of crush, which is in the folder `.crush` of each project. */
export const crush: HistoryFormat = {
  tool: 'crush',

  detects: (file, beginning) => isDatabaseWith(file, beginning, DATABASE),

  read: (file, skip) => readDatabase(file, skip, databaseReader),

  count: (file) => countConversations(file, databaseReader),
};

function databaseReader(skip: Skip, file: HistoryFile): DatabaseReader {
  return {
    async list(source) {
      const rows = await source.rows('select id from sessions order by created_at, rowid');
      const ids = rows.map((row) => textIn(row, 'id') ?? '');
      const kept = ids.filter((id) => !id.startsWith('title-'));
      const titles = ids.length - kept.length;
      if (titles > 0) skip('file', `left out ${countOf(titles, 'session')} that only made a title`);
      return kept;
    },

    async read(source, id) {
      const [session = {}] = await source.rows('select * from sessions where id = ?', id);
      const nodes: HistoryNode[] = [];
      const names = new Map<string, string>();
      // Messages of one second are in the order in which they were written.
      const order = 'where session_id = ? order by created_at, rowid';
      for await (const row of source.each(`select * from messages ${order}`, id)) {
        addMessage(nodes, row, names, skip);
      }
      if (nodes.length === 0) return null;
      const title = textIn(session, 'title');
      const isUntitled = title === undefined || /^(New|Untitled) session$/i.test(title);
      const last = nodes.findLast(({ model }) => model !== undefined);
      return {
        ...{ id, nodes, title: isUntitled ? null : title },
        workingDirectory: await projectOf(file),
        createdAt: timeIn(session, 'created_at') ?? nodes[0]?.createdAt ?? new Date(0),
        ...{ model: last?.model, provider: last?.provider },
        parentId: textIn(session, 'parent_session_id'),
        metadata: totalsOf(session),
      };
    },
  };
}

/** Nothing in the database names the project. */
async function projectOf({ path }: HistoryFile): Promise<string | undefined> {
  const folder = dirname(resolve(path));
  const isThere = basename(folder) === '.crush' && (await stat(path).catch(() => null));
  return isThere ? dirname(folder) : undefined;
}

/** Crush has the tokens of a whole session only. */
function totalsOf(session: JsonObject): JsonObject {
  const promptTokens = countIn(session, 'prompt_tokens');
  const completionTokens = countIn(session, 'completion_tokens');
  return promptTokens + completionTokens > 0 ? { promptTokens, completionTokens } : {};
}

function addMessage(
  nodes: HistoryNode[],
  row: JsonObject,
  names: Map<string, string>,
  skip: Skip,
): void {
  const id = textIn(row, 'id') ?? '';
  const native = textIn(row, 'role') ?? '';
  const content = parseJson(textIn(row, 'parts') ?? '');
  if (!['user', 'assistant', 'system', 'tool'].includes(native)) {
    skip(`message ${id}`, `has the unknown role "${native}"`, true);
    return;
  }
  if (!Array.isArray(content)) {
    skip(`message ${id}`, 'has no list of parts', true);
    return;
  }
  const blocks = content.map(asRecord);
  const role = native === 'assistant' || native === 'tool' ? native : 'user';
  const node: HistoryNode = {
    ...{ id: String(nodes.length), parentId: nodes.at(-1)?.id ?? null, key: id, role },
    createdAt: timeIn(row, 'created_at') ?? nodes.at(-1)?.createdAt ?? new Date(0),
    parts: blocks.flatMap((block) => toParts(block, names, native === 'system')),
  };
  if (role === 'assistant') {
    node.model = textIn(row, 'model');
    node.provider = textIn(row, 'provider');
    const finish = blocks.findLast((block) => textIn(block, 'type') === 'finish');
    if (!finish) node.isOpen = true;
    node.isInterrupted = textIn(recordIn(finish ?? {}, 'data'), 'reason') === 'canceled';
  }
  nodes.push(node);
}

function toParts(
  block: JsonObject,
  names: Map<string, string>,
  isInjected: boolean,
): HistoryPart[] {
  const type = textIn(block, 'type') ?? 'part';
  const data = recordIn(block, 'data');
  const id = textIn(data, type === 'tool_result' ? 'tool_call_id' : 'id');
  switch (type) {
    case 'text': {
      const text = textIn(data, 'text');
      if (text === undefined) break;
      return text === '' ? [] : [{ type, text, ...(isInjected && { isInjected }) }];
    }
    case 'reasoning': {
      const text = textIn(data, 'thinking');
      if (text === undefined) break;
      return [{ type, text }];
    }
    case 'tool_call': {
      const name = textIn(data, 'name');
      if (id === undefined || name === undefined) break;
      names.set(id, name);
      return [toCall(id, name, data.input)];
    }
    case 'tool_result':
      return id === undefined ? [rawPart(type, data)] : toResult(id, data, names);
    case 'image_url': {
      const image = fromDataUrl(textIn(data, 'url') ?? '', null);
      if (!image) break;
      return [image];
    }
    case 'binary': {
      const mediaType = textIn(data, 'MIMEType');
      const bytes = textIn(data, 'Data');
      if (!mediaType || bytes === undefined) break;
      const path = textIn(data, 'Path');
      return [attachmentPart(mediaType, Buffer.from(bytes, 'base64'), path && basename(path))];
    }
    case 'finish': {
      const hasReason = ['message', 'details'].some((name) => textIn(data, name));
      return hasReason ? [rawPart(type, data)] : [];
    }
  }
  return [rawPart(type, Object.keys(data).length > 0 ? data : block)];
}

function toResult(id: string, data: JsonObject, names: Map<string, string>): HistoryPart[] {
  // Crush may leave the name empty.
  const name = names.get(id) ?? textIn(data, 'name') ?? '';
  const output = textIn(data, 'content') ?? '';
  const result: HistoryPart = {
    ...{ type: 'tool-result', id, name, output, isError: data.is_error === true },
  };
  const bytes = textIn(data, 'data');
  const mediaType = textIn(data, 'mime_type');
  if (!bytes || !mediaType) return [result];
  return [result, attachmentPart(mediaType, Buffer.from(bytes, 'base64'))];
}
