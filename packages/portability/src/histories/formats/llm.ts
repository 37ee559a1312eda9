import type { JsonObject } from '@synapse/core';
import { countOf } from '@synapse/core/words';
import { rawPart } from '../content-blocks.ts';
import type { History, HistoryFormat, HistoryNode, HistoryPart, Skip } from '../history.ts';
import { asRecord, countIn, idIn, textIn, usageOf, utcTimeIn } from '../json-values.ts';
import { parseJson, toCall } from '../tool-values.ts';
import { attachmentsOf, CallPairs, fragmentsOf, resultPart } from './llm-parts.ts';
import { LlmThreads } from './llm-threads.ts';
import {
  countConversations,
  isDatabaseWith,
  readDatabase,
  type DatabaseReader,
  type DatabaseShape,
} from '../history-database.ts';
import type { SqliteSource } from '../sqlite-source.ts';

type Row = JsonObject;

const OLDEST: DatabaseShape = { name: /^log\.db$/, columns: { log: 'prompt' } };
const OLDEST_FILE = /(^|[/\\])log\.db(-\w+)?$/;
const SHAPES: readonly DatabaseShape[] = [
  { responses: 'prompt' },
  { threads: 'tip_message_hash' },
  { logs: 'prompt' },
  { log: 'prompt' },
].map((columns) => ({ name: /^logs\.db$/, columns: { ...columns, _llm_migrations: 'name' } }));

/** The log of the command llm, `logs.db`. Its rows of three generations are all kept in one file. */
export const llm: HistoryFormat = {
  tool: 'llm',

  async detects(file, beginning) {
    // Any database may have a table of this name, so that only the file of this name counts.
    if (OLDEST_FILE.test(file.path)) return isDatabaseWith(file, beginning, OLDEST);
    for (const shape of SHAPES) if (await isDatabaseWith(file, beginning, shape)) return true;
    return false;
  },

  read: (file, skip) => readDatabase(file, skip, databaseReader),

  count: (file) => countConversations(file, databaseReader),
};

function databaseReader(skip: Skip): DatabaseReader {
  let rows: RowsOf = new Map();
  let threads = new LlmThreads();
  return {
    async list(source) {
      rows = await listRows(source);
      await reportRawRecords(source, skip);
      threads = await LlmThreads.read(source);
      return [...rows.keys(), ...[...threads.threads.keys()].map((id) => THREAD + id)];
    },

    async read(source, id) {
      const found = rows.get(id);
      if (found) return toHistory(source, id, found);
      const threadId = id.slice(THREAD.length);
      // A conversation that went on with a newer version has one id in both generations.
      return threads.toHistory(source, threadId, rows.has(threadId) ? id : threadId, skip);
    },
  };
}

const THREAD = 'thread ';

/** The rows of each conversation. */
type RowsOf = Map<string, { table: string; rowIds: number[] }>;

/** The raw answers repeat the prompt and the answer in the form of the provider. */
async function reportRawRecords(source: SqliteSource, skip: Skip): Promise<void> {
  for (const table of ['log', 'logs', 'responses', 'turns']) {
    if (!(await source.has(table, 'response_json'))) continue;
    const [found] = await source.rows(
      `select count(*) as count from "${table}" where response_json is not null`,
    );
    const count = found ? countIn(found, 'count') : 0;
    if (count > 0) skip(`table ${table}`, `left out ${countOf(count, 'raw answer')} of a provider`);
  }
}

/** Finds them in one pass, because only the ids of rows are indexed. */
async function listRows(source: SqliteSource): Promise<RowsOf> {
  const found: RowsOf = new Map();
  const add = (id: string, table: string, rowId: unknown): void => {
    const known = found.get(id);
    if (known) known.rowIds.push(Number(rowId));
    else found.set(id, { table, rowIds: [Number(rowId)] });
  };
  for (const table of ['log', 'logs']) {
    if (!(await source.has(table, 'prompt'))) continue;
    // The first version had neither ids nor chats.
    const id = (await source.has(table, 'id')) ? 'id' : 'rowid';
    const chat = (await source.has(table, 'chat_id')) ? `coalesce(chat_id, ${id})` : id;
    const rows = await source.rows(
      `select rowid as place, ${chat} as chat from "${table}" order by ${id}`,
    );
    for (const row of rows) add(`log ${idIn(row, 'chat') ?? ''}`, table, row.place);
  }
  if (source.tables.has('responses')) {
    const columns = 'rowid as place, coalesce(conversation_id, id) as chat';
    for (const row of await source.rows(`select ${columns} from responses order by id`)) {
      add(idIn(row, 'chat') ?? '', 'responses', row.place);
    }
  }
  return found;
}

async function toHistory(
  source: SqliteSource,
  id: string,
  { table, rowIds }: { table: string; rowIds: readonly number[] },
): Promise<History | null> {
  const kind = table === 'responses' ? 'response' : 'log';
  const [conversation] = await source.rowsIn('conversations', 'where id = ?', id);
  const nodes: HistoryNode[] = [];
  const ends = new Map<string, string>();
  const calls = new CallPairs();
  const systemPrompts = new Set<string>();
  let model = conversation && textIn(conversation, 'model');
  let createdAt: Date | undefined;
  for (const rowId of rowIds) {
    const [row] = await source.rows(`select * from ${table} where rowid = ?`, rowId);
    if (!row) continue;
    const time = utcTimeIn(row, 'datetime_utc') ?? utcTimeIn(row, 'timestamp');
    createdAt ??= time;
    model = textIn(row, 'resolved_model') ?? textIn(row, 'model') ?? model;
    const system = await systemOf(source, row);
    const isNewSystem = system !== '' && systemPrompts.size > 0 && !systemPrompts.has(system);
    if (system !== '') systemPrompts.add(system);
    const nativeId = idIn(row, 'id') ?? String(rowId);
    let parentId = ends.get(idIn(row, 'reply_to_id') ?? '') ?? nodes.at(-1)?.id ?? null;
    for (const node of [
      { role: 'tool' as const, parts: await resultsOf(source, row, calls) },
      {
        role: 'user' as const,
        parts: [
          ...(isNewSystem ? [rawPart('system', system)] : []),
          ...(await promptOf(source, row)),
        ],
      },
      { role: 'assistant' as const, parts: await answerOf(source, row, calls), ...answerer(row) },
    ]) {
      if (node.parts.length === 0 && node.role !== 'assistant') continue;
      const place = { id: String(nodes.length), parentId, key: `${kind} ${nativeId} ${node.role}` };
      nodes.push({ ...node, ...place, createdAt: time ?? createdAt ?? new Date(0) });
      parentId = place.id;
    }
    if (parentId !== null) ends.set(nativeId, parentId);
  }
  if (nodes.length === 0) return null;
  return {
    ...{ id, nodes, model, createdAt: createdAt ?? new Date(0) },
    title: (conversation && textIn(conversation, 'name')) ?? null,
    systemPrompt: [...systemPrompts][0],
    metadata: { table },
  };
}

async function systemOf(source: SqliteSource, row: Row): Promise<string> {
  const fragments = await fragmentsOf(
    source,
    'system_fragments',
    'response_id',
    idIn(row, 'id') ?? '',
  );
  return [...fragments, textIn(row, 'system') ?? ''].filter(Boolean).join('\n');
}

/** The fragments are texts that llm put before the prompt. */
async function promptOf(source: SqliteSource, row: Row): Promise<HistoryPart[]> {
  const id = idIn(row, 'id') ?? '';
  const fragments = await fragmentsOf(source, 'prompt_fragments', 'response_id', id);
  const prompt = textIn(row, 'prompt') ?? '';
  const parts: HistoryPart[] = [];
  if (fragments.length > 0) {
    const text = `${fragments.join('\n')}${prompt === '' ? '' : '\n'}`;
    parts.push({ type: 'text', text, isInjected: true });
  }
  if (prompt !== '') parts.push({ type: 'text', text: prompt });
  parts.push(...(await attachmentsOf(source, 'prompt_attachments', 'response_id', id)));
  const options = asRecord(parseJson(textIn(row, 'options_json') ?? ''));
  if (Object.keys(options).length > 0) parts.push(rawPart('options', options));
  const schema = await source.rowsIn('schemas', 'where id = ?', textIn(row, 'schema_id') ?? '');
  return [...parts, ...schema.map(({ content }) => rawPart('schema', content ?? null))];
}

async function answerOf(source: SqliteSource, row: Row, calls: CallPairs): Promise<HistoryPart[]> {
  const parts: HistoryPart[] = [];
  const reasoning = textIn(row, 'reasoning');
  const response = textIn(row, 'response');
  if (reasoning) parts.push({ type: 'reasoning', text: reasoning });
  if (response) parts.push({ type: 'text', text: response });
  const rows = await source.rowsWith('tool_calls', 'response_id', idIn(row, 'id') ?? '');
  for (const call of rows) {
    const name = textIn(call, 'name') ?? '';
    const id = calls.call(textIn(call, 'tool_call_id'), name);
    parts.push(toCall(id, name, call.arguments));
  }
  return parts;
}

/** A row has the results that were sent with its prompt, of the calls in the answer before. */
async function resultsOf(source: SqliteSource, row: Row, calls: CallPairs): Promise<HistoryPart[]> {
  const parts: HistoryPart[] = [];
  const rows = await source.rowsWith('tool_results', 'response_id', idIn(row, 'id') ?? '');
  for (const result of rows) {
    const call = calls.result(textIn(result, 'tool_call_id'), textIn(result, 'name'));
    parts.push(resultPart(call, textIn(result, 'output'), textIn(result, 'exception')));
    const id = countIn(result, 'id');
    parts.push(...(await attachmentsOf(source, 'tool_results_attachments', 'tool_result_id', id)));
  }
  return parts;
}

function answerer(row: Row): Pick<HistoryNode, 'model' | 'usage'> {
  const usage = usageOf({
    inputTokens: countIn(row, 'input_tokens'),
    outputTokens: countIn(row, 'output_tokens'),
  });
  return { model: textIn(row, 'resolved_model') ?? textIn(row, 'model'), ...(usage && { usage }) };
}
