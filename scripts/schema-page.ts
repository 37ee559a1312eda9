import type { Schema, SchemaColumn, SchemaTable } from '../test/support/schema/schema.ts';

const purposes: Record<string, string> = {
  sessions:
    'A conversation: its names and settings, where it came from, and figures that are kept up with every message.',
  messages:
    'The messages, one row each, in the order of `seq`: the content as JSON text with its hash, the normalised words for search, and the tokens, cost and times of an answer.',
  ledger:
    'One row for each call of a model, under the id of its message: tokens, cost, times and no content. It stays when the message or the session is removed.',
  session_tags: 'The tags of a session.',
  attachments: 'The bytes of files and images, once each, by their hash.',
  new_attachments:
    'New attachments that no session uses yet: when each was stored. After a while, Synapse removes those that are still unused.',
  session_attachments:
    'Which session uses which attachment; an attachment that no session uses any more is removed.',
  audit:
    'The sessions that cleanup moved to the trash or removed for good: when, and by which rule.',
  retention_memo:
    'A single row: when the last cleanup ran, when the next check is due, its reason for waiting, and the process that runs one now.',
  import_marks:
    'The size and time of each imported file of another tool, so that an unchanged file is not read again.',
  changes:
    'One row for each change of a session, its messages, runs and approvals, added by triggers in the transaction of the change; removed after a day.',
  change_feed: 'A single row: the position up to which changes were removed.',
  tokens:
    'The tokens of a server: their SHA-256 hashes, scopes and times, never the tokens themselves.',
  runs: 'Runs of a server, under the ids of their questions: which process makes the answer, and how it ended.',
  run_events:
    'The events of runs, so that readers can follow them from any position; removed after a run has ended.',
  approvals: 'Questions whether a tool call may run, with their answers.',
  former_owners:
    'The owners of purged sessions, whose calls stay in the ledger; none for the owner `local`.',
  session_aliases: 'Names by which other programs refer to sessions.',
  message_prefixes:
    'Hashes of the conversations that other programs send, with the message where each ends.',
  receipts:
    'Hashes of what the owners of tokens have sent, so that they can repeat a request and use their own uploads; removed after a day.',
  schema_migrations: 'The steps of the schema that were applied.',
};

/** docs/schema.md, without its head: every table on both engines. */
export function schemaPage(sqlite: Schema, postgres: Schema): string {
  return [
    '# The schema',
    '',
    'The tables of a new database, as SQLite and PostgreSQL see them; on PostgreSQL they are in the schema',
    '`synapse`. Times are milliseconds since 1970, flags 0 or 1, costs billionths of a US dollar. Texts are stored as',
    '`packages/storage-knex/src/stored-text.ts` says, so that both engines take every character.',
    '',
    `Schema version ${sqlite.migrations.length}: ${sqlite.migrations.map((name) => `\`${name}\``).join(', ')}.`,
    '',
    ...sqlite.tables.flatMap((table) => [...tableLines(table, tableOf(postgres, table.name)), '']),
    '## Only on SQLite',
    '',
    'The full-text index reads the text of `messages`; the triggers keep it in step within every transaction.',
    '',
    '| name | definition |',
    '| --- | --- |',
    ...Object.entries(sqlite.extras).map(([name, sql]) => `| \`${name}\` | ${code(sql)} |`),
    '',
  ].join('\n');
}

function tableLines(table: SchemaTable, twin: SchemaTable): string[] {
  const purpose = purposes[table.name];
  if (purpose === undefined)
    throw new Error(`Say in scripts/schema-page.ts what the table ${table.name} is for.`);
  const names = [...new Set([...Object.keys(table.indexes), ...Object.keys(twin.indexes)])].sort();
  return [
    `## ${table.name}`,
    '',
    purpose,
    '',
    '| column | SQLite | PostgreSQL | |',
    '| --- | --- | --- | --- |',
    ...table.columns.map((column) => columnLine(column, columnOf(twin, column.name))),
    ...(names.length === 0 ? [] : ['', '| index | SQLite | PostgreSQL |', '| --- | --- | --- |']),
    ...names.map(
      (name) => `| \`${name}\` | ${code(table.indexes[name])} | ${code(twin.indexes[name])} |`,
    ),
  ];
}

function columnLine({ name, type, isNullable, isKey, refersTo }: SchemaColumn, twin: SchemaColumn) {
  const notes = [isKey && 'key', isNullable && 'may be null', refersTo && `refers to ${refersTo}`];
  return `| \`${name}\` | ${type} | ${twin.type} | ${notes.filter(Boolean).join('; ')} |`;
}

function tableOf({ tables }: Schema, name: string): SchemaTable {
  const table = tables.find((one) => one.name === name);
  if (!table) throw new Error(`PostgreSQL has no table ${name}.`);
  return table;
}

function columnOf({ name: table, columns }: SchemaTable, name: string): SchemaColumn {
  const column = columns.find((one) => one.name === name);
  if (!column) throw new Error(`PostgreSQL has no column ${table}.${name}.`);
  return column;
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text.replaceAll('|', '\\|')}\``;
}
