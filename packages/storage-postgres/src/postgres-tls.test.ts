import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isInstalled } from '@synapse/test/support/fault-process';
import { makeCertificates } from '@synapse/test/support/make-certificates';
import {
  startPostgresServer,
  type PostgresServer,
} from '@synapse/test/support/postgres-server.mjs';
import { aConversation, textsOf } from '@synapse/test/support/samples';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import pg from 'pg';
import { openPostgresStore } from './open-postgres-store.ts';

const folder = temporaryFolder();
const hasOpenssl = isInstalled('openssl');
const describeWithOpenssl = hasOpenssl ? describe : describe.skip;
const reason = hasOpenssl ? '' : ' (skipped: needs openssl)';

/** Of the store's own connections, one each. */
async function encryptionOf(url: string): Promise<boolean[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ ssl: boolean }>(
    `select ssl from pg_stat_ssl join pg_stat_activity using (pid)
      where application_name = 'synapse'`,
  );
  await client.end();
  return rows.map(({ ssl }) => ssl);
}

describeWithOpenssl(`a PostgreSQL server with a certificate of its own authority${reason}`, () => {
  let server: PostgresServer;
  let ca: string;
  const warnings: string[] = [];
  const listen = (warning: Error) => void warnings.push(warning.message);

  beforeAll(async () => {
    const certificates = makeCertificates(folder);
    ca = certificates.ca;
    server = await startPostgresServer({ tls: certificates.tls });
  });
  afterAll(() => server.stop());
  beforeEach(() => void process.on('warning', listen));
  afterEach(() => {
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });

  const open = (host: string, query: string) =>
    openPostgresStore({
      url: `${server.url.replace('127.0.0.1', host)}?${query}`,
      allowForeign: false,
    });

  it.each([
    ['127.0.0.1', 'sslmode=require'],
    ['127.0.0.1', 'sslmode=prefer'],
    ['127.0.0.1', 'sslmode=verify-ca&sslrootcert=CA'],
    ['localhost', 'sslmode=verify-full&sslrootcert=CA'],
  ])('is used at %s with %s, encrypted', async (host, query) => {
    const store = await open(host, query.replace('CA', ca));
    const { id } = await aConversation(store, ['q', 'a']);
    expect(textsOf(await store.sessions.messages(id, { limit: 5 }))).toEqual(['q', 'a']);
    expect(await encryptionOf(server.url)).toEqual([true]);
    await store.close();
  });

  it.each([
    ['localhost', 'sslmode=verify-full'],
    ['127.0.0.1', 'sslmode=verify-full&sslrootcert=CA'],
  ])('is refused at %s with %s', async (host, query) => {
    await expect(open(host, query.replace('CA', ca))).rejects.toMatchObject({
      code: 'SYNAPSE_STORAGE_UNAVAILABLE',
      message: expect.stringContaining('No secure connection') as unknown,
    });
  });
});
