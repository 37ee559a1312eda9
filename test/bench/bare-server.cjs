// A bare node:http over SQLite: the SQL of `GET /api/sessions`, and the same JSON. DATABASE
const { createServer } = require('node:http');
const sqlite3 = require('sqlite3');

const LIST = `select sessions.*,
    (select json_group_array(tag) from session_tags where session_id = sessions.id) as tags
  from sessions where deleted_at is null and archived = 0
  order by updated_at desc, id desc limit 51`;

const database = new sqlite3.Database(process.argv[2]);
const list = database.prepare(LIST);

const server = createServer((_request, response) => {
  list.all((error, rows) => {
    if (error) throw error;
    const items = rows.slice(0, 50).map(toJson);
    const { updated_at, id } = rows[49] ?? {};
    const nextCursor = rows.length > 50 ? cursorOf(updated_at, id) : null;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ items, nextCursor }));
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));

function toJson(row) {
  const { input_tokens: inputTokens, output_tokens: outputTokens } = row;
  return {
    id: row.id,
    handle: row.handle,
    title: row.title,
    provider: row.provider,
    model: row.model,
    systemPrompt: row.system_prompt,
    workingDirectory: row.working_directory,
    messageCount: row.message_count,
    turnCount: row.turn_count,
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens,
    costUsd: row.cost_nano_usd / 1e9,
    unpricedCount: row.unpriced_count,
    tags: JSON.parse(row.tags),
    pinned: row.pinned === 1,
    archived: row.archived === 1,
    deletedAt: null,
    forkedFrom: null,
    origin: row.origin,
    owner: row.owner,
    metadata: JSON.parse(row.metadata),
    revision: row.revision,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    preview: row.preview,
  };
}

function cursorOf(updatedAt, id) {
  return Buffer.from(`${updatedAt} ${id}`).toString('base64url');
}
