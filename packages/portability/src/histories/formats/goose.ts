import { basename } from 'node:path';
import type { JsonObject, JsonValue } from '@synapse/core';
import { gooseParts } from './goose-content.ts';
import type {
  History,
  HistoryFile,
  HistoryFormat,
  HistoryNode,
  HistoryPart,
  Skip,
} from '../history.ts';
import { contentKey } from '../history-nodes.ts';
import { readJsonLines } from '../json-lines.ts';
import { asRecord, countIn, recordIn, textIn, timeIn, usageOf, utcTimeIn } from '../json-values.ts';
import {
  countConversations,
  isDatabaseWith,
  readDatabase,
  type DatabaseReader,
} from '../history-database.ts';
import { parseJson } from '../tool-values.ts';

const DATABASE = {
  name: /^sessions\.db$/,
  columns: { sessions: 'working_dir', messages: 'content_json', schema_version: 'version' },
};
const LEGACY_ID = /^\d{8}_\d{6}$/;

/** The sessions of goose: its database, and the JSONL files of older versions. */
export const goose: HistoryFormat = {
  tool: 'goose',

  detects(file, beginning) {
    if (!file.path.endsWith('.jsonl')) return isDatabaseWith(file, beginning, DATABASE);
    const [line = ''] = beginning.replace(/^\uFEFF/, '').split('\n', 1);
    const isHead = /"working_dir" ?:/.test(line) && /"(message_count|description)" ?:/.test(line);
    const isMessage = /"created" ?: ?\d+/.test(line) && /"content" ?: ?\[/.test(line);
    return isHead || (isMessage && LEGACY_ID.test(idOf(file)));
  },

  async *read(file, skip) {
    if (file.path.endsWith('.jsonl')) yield* readFile(file, skip);
    else yield* readDatabase(file, skip, databaseReader);
  },

  async count(file) {
    if (file.path.endsWith('.jsonl')) return 1;
    return countConversations(file, databaseReader);
  },
};

function idOf({ path }: HistoryFile): string {
  return basename(path, '.jsonl');
}

async function* readFile(file: HistoryFile, skip: Skip): AsyncGenerator<History> {
  let head: JsonObject = {};
  const messages = new Messages();
  for await (const { number, record } of readJsonLines(file, skip)) {
    if (record.role !== undefined) messages.add(record, skip, `line ${number}`);
    else if (number === 1) head = record;
    else skip(`line ${number}`, 'is not a message', true);
  }
  const history = toHistory({ ...head, id: idOf(file) }, messages.nodes);
  if (history) yield history;
  else skip('file', 'has no messages');
}

function databaseReader(skip: Skip): DatabaseReader {
  return {
    async list(source) {
      const newer = await source.rowsIn('thread_messages', 'limit 1');
      if (newer.length > 0) skip('table thread_messages', 'is of another version and not read');
      const sessions = await source.rows('select id from sessions order by rowid');
      return sessions.map((session) => textIn(session, 'id') ?? '');
    },

    async read(source, id) {
      const [session = {}] = await source.rows('select * from sessions where id = ?', id);
      const model = asRecord(parseJson(textIn(session, 'model_config_json') ?? ''));
      const messages = new Messages({
        provider: textIn(session, 'provider_name'),
        model: textIn(model, 'model_name') ?? textIn(model, 'model'),
      });
      const rows = source.each('select * from messages where session_id = ? order by id', id);
      for await (const row of rows)
        messages.add(fromRow(row), skip, `message ${countIn(row, 'id')}`);
      messages.addUsage(await source.rowsIn('usage_ledger', 'where session_id = ?', id));
      return toHistory(session, messages.nodes);
    },
  };
}

/** A row in the form of the lines. */
function fromRow(row: JsonObject): JsonObject {
  return {
    role: row.role ?? null,
    created: row.created_timestamp ?? row.timestamp ?? null,
    content: parseJson(textIn(row, 'content_json') ?? '') ?? null,
    metadata: parseJson(textIn(row, 'metadata_json') ?? '') ?? null,
  };
}

class Messages {
  readonly nodes: HistoryNode[] = [];
  readonly #names = new Map<string, string>();
  readonly #answerer: Pick<HistoryNode, 'provider' | 'model'>;

  constructor(answerer: Pick<HistoryNode, 'provider' | 'model'> = {}) {
    this.#answerer = answerer;
  }

  add(message: JsonObject, skip: Skip, place: string): void {
    const role = textIn(message, 'role');
    const content: JsonValue = message.content ?? null;
    if (role !== 'user' && role !== 'assistant') skip(place, 'has no known role', true);
    else if (!Array.isArray(content)) skip(place, 'has no list of content blocks', true);
    else this.#push(role, content.map(asRecord), message);
  }

  #push(role: 'user' | 'assistant', content: JsonObject[], message: JsonObject): void {
    const metadata = recordIn(message, 'metadata');
    const inference = recordIn(metadata, 'inference');
    const created = utcTimeIn(message, 'created');
    const createdAt = created ?? this.nodes.at(-1)?.createdAt ?? new Date(0);
    const isInjected = role === 'user' && metadata.userVisible === false;
    for (const { speaker, blocks } of bySpeaker(role, content)) {
      const parts = gooseParts(blocks, this.#names, isInjected);
      const node: HistoryNode = {
        ...{ id: String(this.nodes.length), parentId: this.nodes.at(-1)?.id ?? null },
        ...{ role: speaker, parts, createdAt },
      };
      // A copy of a session has new ids, and the same times and contents.
      if (created) node.key = `${speaker} ${created.getTime()} ${contentKey(parts.map(asShown))}`;
      if (speaker === 'assistant') {
        node.provider = textIn(inference, 'provider') ?? this.#answerer.provider;
        node.model = textIn(inference, 'requestedModel') ?? this.#answerer.model;
      }
      this.nodes.push(node);
    }
  }

  /** An entry is written after its answer. */
  addUsage(entries: readonly JsonObject[]): void {
    for (const entry of entries) {
      const time = timeIn(entry, 'created_timestamp')?.getTime() ?? Number.POSITIVE_INFINITY;
      const answer = this.nodes.findLast(
        ({ role, createdAt }) => role === 'assistant' && createdAt.getTime() <= time,
      );
      if (!answer) continue;
      const before = answer.usage;
      const sum = (name: string, counted = 0) => countIn(entry, name) + counted;
      answer.model ??= textIn(entry, 'model');
      const usage = usageOf({
        inputTokens: sum('input_tokens', before?.inputTokens),
        outputTokens: sum('output_tokens', before?.outputTokens),
        cacheReadTokens: sum('cache_read_tokens', before?.cacheReadTokens),
        cacheWriteTokens: sum('cache_write_tokens', before?.cacheWriteTokens),
      });
      if (usage) answer.usage = usage;
    }
  }
}

/** Goose may hide a message later, or show it. */
function asShown(part: HistoryPart): HistoryPart {
  if (part.type !== 'text') return part;
  return { type: part.type, text: part.text };
}

/** Results are in messages of the user. */
function bySpeaker(
  role: 'user' | 'assistant',
  content: readonly JsonObject[],
): { speaker: HistoryNode['role']; blocks: JsonObject[] }[] {
  const groups: { speaker: HistoryNode['role']; blocks: JsonObject[] }[] = [];
  for (const block of content) {
    const speaker = textIn(block, 'type') === 'toolResponse' ? 'tool' : role;
    const last = groups.at(-1);
    if (last?.speaker === speaker) last.blocks.push(block);
    else groups.push({ speaker, blocks: [block] });
  }
  return groups.length > 0 ? groups : [{ speaker: role, blocks: [] }];
}

function toHistory(session: JsonObject, nodes: HistoryNode[]): History | null {
  const [first] = nodes;
  if (!first) return null;
  const id = textIn(session, 'id') ?? '';
  const title = [textIn(session, 'name'), textIn(session, 'description')].find(
    (name) => name !== undefined && !/^(New (session|chat)|CLI session|$)/i.test(name),
  );
  const type = textIn(session, 'session_type');
  const last = nodes.findLast(({ model }) => model !== undefined);
  return {
    ...{ id, nodes, title: title ?? null },
    // The database and the file of an old session have different times for it, but the same messages.
    createdAt:
      (LEGACY_ID.test(id) ? undefined : utcTimeIn(session, 'created_at')) ?? first.createdAt,
    workingDirectory: textIn(session, 'working_dir'),
    model: last?.model,
    provider: last?.provider ?? textIn(session, 'provider_name'),
    isArchived: utcTimeIn(session, 'archived_at') !== undefined,
    parentId: textIn(session, 'parent_session_id'),
    metadata: { ...(type !== undefined && { type }), ...totalsOf(session) },
  };
}

/** Older versions have the tokens of a whole session only. */
function totalsOf(session: JsonObject): JsonObject {
  const inputTokens = countIn(session, 'accumulated_input_tokens');
  const outputTokens = countIn(session, 'accumulated_output_tokens');
  return inputTokens + outputTokens > 0 ? { inputTokens, outputTokens } : {};
}
