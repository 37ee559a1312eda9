import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { JsonObject } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import { filesInArchive } from '../file-beside.ts';
import type { HistoryFile, HistoryFormat, Skip } from '../history.ts';
import { readText } from '../json-document.ts';
import { readJsonElements } from '../json-elements.ts';
import { asRecord, countIn, listIn, recordIn, textIn } from '../json-values.ts';
import { toOpencodeHistory, type OpencodeMessage } from './opencode-messages.ts';
import {
  countConversations,
  isDatabaseWith,
  readDatabase,
  type DatabaseReader,
  type DatabaseShape,
} from '../history-database.ts';
import { parseJson } from '../tool-values.ts';

const SESSION_FILE = /[/\\]storage[/\\]session[/\\][^/\\]+[/\\]ses_[^/\\]+\.json$/;
const DATABASE: DatabaseShape = {
  name: /^opencode.*\.db$/,
  columns: { project: 'worktree', session: 'directory', message: 'session_id', part: 'message_id' },
};

/** Opencode's database, the folder of small files that older versions wrote, and the files of `opencode export`. */
export const opencode: HistoryFormat = {
  tool: 'opencode',

  detects(file, beginning) {
    const isObject = /^\uFEFF?\s*\{/.test(beginning);
    if (SESSION_FILE.test(file.path)) return isObject && /"id" ?: ?"ses_/.test(beginning);
    const isExport = isObject && /^\uFEFF?\s*\{\s*"(info|messages)" ?:/.test(beginning);
    if (isExport && file.path.endsWith('.json')) {
      return /"(id|sessionID)" ?: ?"ses_/.test(beginning);
    }
    return isDatabaseWith(file, beginning, DATABASE);
  },

  async *read(file, skip) {
    if (!file.path.endsWith('.json')) {
      yield* readDatabase(file, skip, databaseReader);
      return;
    }
    for await (const { record } of readJsonElements(file, '', skip)) {
      const history = SESSION_FILE.test(file.path)
        ? toOpencodeHistory(record, await messagesBeside(file, skip), skip)
        : toOpencodeHistory(recordIn(record, 'info'), exportedMessages(record), skip);
      if (history) yield history;
      else skip('file', 'has no messages');
    }
  },

  async count(file) {
    if (file.path.endsWith('.json')) return 1;
    return countConversations(file, databaseReader);
  },
};

function exportedMessages(record: JsonObject): OpencodeMessage[] {
  return listIn(record, 'messages').map((message) => ({
    info: recordIn(asRecord(message), 'info'),
    parts: listIn(asRecord(message), 'parts').map(asRecord),
  }));
}

/** The files of a folder below `storage`. */
type FilesIn = (folder: string) => Promise<{ name: string; text: () => Promise<string> }[]>;

/** The messages of a session file, which are in files beside its folder. */
async function messagesBeside(file: HistoryFile, skip: Skip): Promise<OpencodeMessage[]> {
  const storage = dirname(dirname(dirname(file.path)));
  const sessionId = basename(file.path, '.json');
  const isOnDisk = await stat(file.path).catch(() => null);
  const filesIn = isOnDisk ? filesOnDisk(storage) : filesOfArchive(file, storage);
  const messages: OpencodeMessage[] = [];
  for (const info of await recordsIn(filesIn, join('message', sessionId), skip)) {
    const id = textIn(info, 'id') ?? '';
    let isDamaged = false;
    const skipPart: Skip = (...damage) => {
      isDamaged = true;
      skip(...damage);
    };
    const folder = join('part', id);
    const parts = /^[\w-]+$/.test(id) ? await recordsIn(filesIn, folder, skipPart) : [];
    messages.push({ info, parts, isDamaged });
  }
  return inOrder(messages);
}

function filesOnDisk(storage: string): FilesIn {
  return async (folder) => {
    const path = join(storage, folder);
    const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => ({ name, text: () => readFile(join(path, name), 'utf8') }));
  };
}

function filesOfArchive(file: HistoryFile, storage: string): FilesIn {
  return async (folder) => {
    const files = await filesInArchive(file, join(storage, folder));
    return files.map((one) => ({ name: basename(one.path), text: () => readText(one) }));
  };
}

/** The objects in the files of a folder, by their names. */
async function recordsIn(filesIn: FilesIn, folder: string, skip: Skip): Promise<JsonObject[]> {
  const files = (await filesIn(folder)).filter(({ name }) => name.endsWith('.json'));
  const records: JsonObject[] = [];
  for (const { name, text } of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const value = parseJson(await text().catch(() => ''));
    if (value === undefined) skip(join(folder, name), 'is not valid JSON', true);
    else records.push({ id: basename(name, '.json'), ...asRecord(value) });
  }
  return records;
}

/** Ids ascend, but begin anew after some years. */
function inOrder(messages: OpencodeMessage[]): OpencodeMessage[] {
  const placeOf = ({ info }: OpencodeMessage) => countIn(recordIn(info, 'time'), 'created');
  return messages.sort((a, b) => placeOf(a) - placeOf(b));
}

function databaseReader(skip: Skip): DatabaseReader {
  return {
    async list(source) {
      const newer = await source.rowsIn('session_message', 'limit 1');
      if (newer.length > 0) skip('table session_message', 'is of a newer version and not read');
      const sessions = await source.rows('select id from session order by time_created, id');
      return sessions.map((session) => textIn(session, 'id') ?? '');
    },

    async read(source, id) {
      const [session = {}] = await source.rows('select * from session where id = ?', id);
      const parts = new Map<string, JsonObject[]>();
      const damaged = new Set<string>();
      for await (const row of source.each(
        'select * from part where session_id = ? order by id',
        id,
      )) {
        const part = recordOf(row, 'part', skip);
        const messageId = textIn(row, 'message_id') ?? '';
        if (!part) damaged.add(messageId);
        if (!part) continue;
        const known = parts.get(messageId);
        if (known) known.push(part);
        else parts.set(messageId, [part]);
      }
      const messages: OpencodeMessage[] = [];
      const rows = source.each('select * from message where session_id = ? order by id', id);
      for await (const row of rows) {
        const messageId = textIn(row, 'id') ?? '';
        const info = recordOf(row, 'message', skip);
        const isDamaged = damaged.has(messageId);
        if (info) messages.push({ info, parts: parts.get(messageId) ?? [], isDamaged });
        parts.delete(messageId);
      }
      for (const [messageId, { length }] of parts) {
        skip(`message ${messageId}`, `is missing: left out ${countOf(length, 'part')} of it`, true);
      }
      return toOpencodeHistory(infoOf(session), inOrder(messages), skip);
    },
  };
}

function recordOf(row: JsonObject, table: string, skip: Skip): JsonObject | null {
  const data = parseJson(textIn(row, 'data') ?? '');
  if (data !== undefined) return { id: row.id ?? null, ...asRecord(data) };
  skip(`${table} ${textIn(row, 'id') ?? ''}`, 'is not valid JSON', true);
  return null;
}

/** A row in the form of the other places. */
function infoOf(row: JsonObject): JsonObject {
  return {
    ...row,
    parentID: row.parent_id ?? null,
    model: parseJson(textIn(row, 'model') ?? '') ?? null,
    revert: parseJson(textIn(row, 'revert') ?? '') ?? null,
    time: { created: row.time_created ?? null, archived: row.time_archived ?? null },
  };
}
