import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { usePostgres } from '@synapse/test/support/postgres-for-tests';
import { aConversation } from '@synapse/test/support/samples';
import { openTcpProxy } from '@synapse/test/support/tcp-proxy';
import { openPostgresStore } from './open-postgres-store.ts';

const postgres = usePostgres();
const role = `role_${randomBytes(6).toString('hex')}`;
beforeAll(() => postgres.run(`create role ${role} login password '${role}'`));
afterAll(() => postgres.run(`drop owned by ${role}`, `drop role ${role}`));

const open = (schema: string, url = postgres.url.replace(/\/\/[^@]*@/, `//${role}:${role}@`)) =>
  openPostgresStore({ url, schema, allowForeign: true });

/** A schema of ours, with these rights of the role. */
async function aSchema(...rights: string[]): Promise<string> {
  const schema = postgres.newSchema();
  await (await open(schema, postgres.url)).close();
  await postgres.run(...rights.map((right) => right.replaceAll('SCHEMA', schema)));
  return schema;
}

const usage = `grant usage on schema SCHEMA to ${role}`;
const all = `grant select, insert, update, delete on all tables in schema SCHEMA to ${role}`;

const denied = (message: string, grant: string) => ({
  code: 'SYNAPSE_STORAGE_DENIED',
  message: expect.stringContaining(message) as unknown,
  hint: expect.stringContaining(grant) as unknown,
});

describe('a PostgreSQL user without a right', () => {
  it('may not create the schema', async () => {
    const schema = postgres.newSchema();
    await expect(open(schema)).rejects.toMatchObject(
      denied(`${role} may not create the schema ${schema}`, 'grant create on database'),
    );
  });

  it('may not use the schema', async () => {
    const schema = await aSchema();
    await expect(open(schema)).rejects.toMatchObject(
      denied(`may not use the schema ${schema}`, `grant usage on schema ${schema} to ${role}`),
    );
  });

  it('may not read a table', async () => {
    const schema = await aSchema(usage);
    await expect(open(schema)).rejects.toMatchObject(
      denied(
        `lacks the right to select, insert, update, delete in the table ${schema}.`,
        'grant select, insert',
      ),
    );
  });

  it('may not store a message', async () => {
    const schema = await aSchema(usage, all, `revoke insert on SCHEMA.messages from ${role}`);
    const store = await open(schema);
    await expect(aConversation(store, ['q'])).rejects.toMatchObject(
      denied(`lacks the right to insert in the table ${schema}.messages`, 'grant insert on all'),
    );
    await store.close();
  });

  it('may not create tables in a schema that is there', async () => {
    const schema = postgres.newSchema();
    await postgres.run(`create schema ${schema}`, `grant usage on schema ${schema} to ${role}`);
    await expect(open(schema)).rejects.toMatchObject(
      denied(`may not create tables in the schema ${schema}`, `grant create on schema ${schema}`),
    );
  });

  it('may not migrate tables of another owner', async () => {
    const schema = await aSchema(
      usage,
      `grant create on schema SCHEMA to ${role}`,
      all,
      'delete from SCHEMA.schema_migrations where version = (select max(version) from SCHEMA.schema_migrations)',
    );
    await expect(open(schema)).rejects.toMatchObject(
      denied('does not own the tables', 'as the user who owns the tables'),
    );
  });

  it.each(['messages', 'session_attachments', 'attachments', 'sessions'])(
    'may not purge without the right to delete in %s, and the session stays as it is',
    async (table) => {
      const schema = await aSchema(usage, all, `revoke delete on SCHEMA.${table} from ${role}`);
      const store = await open(schema);
      const { id } = await aConversation(store, ['q', 'a']);
      await store.sessions.trash(id, new Date());
      const refused = denied(
        `lacks the right to delete in the table ${schema}.${table}`,
        `grant delete on all tables in schema ${schema} to ${role}`,
      );
      await expect(store.sessions.purge([id])).rejects.toMatchObject(refused);
      const candidates = await store.retention.expiredTrash(new Date(Date.now() + 60_000), 5);
      const audit = { at: new Date(), reason: 'a test' };
      await expect(store.retention.purge(candidates, audit)).rejects.toMatchObject(refused);
      const { items } = await store.sessions.list({ limit: 5, trashed: true });
      expect(items).toMatchObject([{ id, messageCount: 2 }]);
      await postgres.run(`grant delete on ${schema}.${table} to ${role}`);
      expect(await store.sessions.purge([id])).toBe(1);
      await store.close();
    },
  );
});

describe('a pooler in statement mode', () => {
  it('is reported, with the setting to change', async () => {
    const { port } = new URL(postgres.url);
    const refusal = Buffer.from(
      'ESFATAL\0C08P01\0Mtransaction blocks not allowed in statement pooling mode\0\0',
    );
    const answer = Buffer.concat([refusal.subarray(0, 1), Buffer.alloc(4), refusal.subarray(1)]);
    answer.writeInt32BE(answer.length - 1, 1);
    let isRefusing = false;
    let count = 0;
    const proxy = await openTcpProxy({
      port: Number(port),
      cutsAfter: (data) => {
        isRefusing = data.includes('BEGIN;');
        if (isRefusing) count += 1;
        return false;
      },
      onAnswer: (data, client) => {
        if (isRefusing) client.end(answer);
        else client.write(data);
      },
    });
    const url = postgres.url.replace(`:${port}/`, `:${proxy.port}/`);
    await expect(open(postgres.newSchema(), url)).rejects.toMatchObject({
      code: 'SYNAPSE_CONFIG',
      message: expect.stringContaining('statement mode') as unknown,
      hint: expect.stringContaining('pool_mode = transaction') as unknown,
    });
    expect(count).toBe(1);
    await proxy.close();
  });
});
