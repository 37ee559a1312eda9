import type { JsonObject } from '@synapse/core';
import type { History, HistoryFormat, Skip } from '../history.ts';
import { readJsonElements } from '../json-elements.ts';
import { asRecord, recordIn, textIn } from '../json-values.ts';
import { toOpenWebuiHistory } from './open-webui-chat.ts';
import { isDatabaseWith, readDatabase, type DatabaseReader } from '../history-database.ts';
import { parseJson } from '../tool-values.ts';

const DATABASE = { name: /^webui\.db$/, columns: { auth: 'password', chat: 'user_id' } };

/** The chats of Open WebUI: the JSON list that it exports, or its database. */
export const openWebui: HistoryFormat = {
  tool: 'open-webui',

  detects(file, beginning) {
    if (!file.path.endsWith('.json')) return isDatabaseWith(file, beginning, DATABASE);
    return (
      /^\uFEFF?\s*[[{]/.test(beginning) &&
      /"chat" ?: ?\{/.test(beginning) &&
      /"history" ?: ?\{/.test(beginning) &&
      /"(childrenIds|currentId)" ?:/.test(beginning)
    );
  },

  async *read(file, skip) {
    if (!file.path.endsWith('.json')) {
      yield* readDatabase(file, skip, databaseReader);
      return;
    }
    for await (const { number, record } of readJsonElements(file, 'chats', skip)) {
      const history = toHistory(record, `chat ${number}`, skip);
      if (history) yield history;
    }
  },
};

function toHistory(record: JsonObject, chat: string, skip: Skip): History | null {
  const history = toOpenWebuiHistory(record, (place, reason) =>
    skip(`${chat}, ${place}`, reason, true),
  );
  if (history && history.nodes.length > 0) return history;
  skip(chat, history ? 'has no messages' : 'has no id', !history);
  return null;
}

function databaseReader(skip: Skip): DatabaseReader {
  return {
    async list(source) {
      const chats = await source.rows('select id from chat order by created_at, id');
      return chats.map((chat) => textIn(chat, 'id') ?? '');
    },

    async read(source, id) {
      const [row = {}] = await source.rows('select * from chat where id = ?', id);
      const chat = parseJson(textIn(row, 'chat') ?? '');
      if (chat === undefined) skip(`chat ${id}`, 'is not valid JSON', true);
      const rows = await source.rowsIn('chat_message', 'where chat_id = ? order by created_at', id);
      const meta = parseJson(textIn(row, 'meta') ?? '') ?? null;
      const record = { ...row, id, meta, chat: withRows(asRecord(chat), rows, id) };
      return toHistory(record, `chat ${id}`, skip);
    },
  };
}

const COLUMNS = { parentId: 'parent_id', model: 'model_id', timestamp: 'created_at' };
const JSON_COLUMNS = ['content', 'output', 'files', 'sources', 'embeds', 'error', 'usage'];

/** Newer versions keep the messages a second time, in rows; the chat itself counts where they differ. */
function withRows(chat: JsonObject, rows: readonly JsonObject[], chatId: string): JsonObject {
  const history = recordIn(chat, 'history');
  const known = recordIn(history, 'messages');
  const messages = new Map(Object.entries(known));
  for (const row of rows) {
    const rowId = textIn(row, 'id') ?? '';
    const id = rowId.startsWith(`${chatId}-`) ? rowId.slice(chatId.length + 1) : rowId;
    const message: JsonObject = { role: row.role ?? null, done: row.done !== 0 };
    for (const [name, column] of Object.entries(COLUMNS)) message[name] = row[column] ?? null;
    for (const name of JSON_COLUMNS) message[name] = parseJson(textIn(row, name) ?? '') ?? null;
    messages.set(id, { ...message, ...recordIn(known, id) });
  }
  return { ...chat, history: { ...history, messages: Object.fromEntries(messages) } };
}
