import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CheckFinding, Store } from '@synapse/core';
import { DamagedDataError } from '@synapse/core/store-kit';
import { aConversation, aMessage, anAnswer, aSession } from '@synapse/test/support/samples';
import { closeConnection, execute, openConnection } from './connection.ts';
import { loadDrivers } from './load-drivers.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

const price = {
  ...{ inputPerMillion: 1, outputPerMillion: 2 },
  ...{ cacheReadPerMillion: 0.1, cacheWritePerMillion: 1.25 },
};
const noUsage = {
  ...{ inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  ...{ reasoningTokens: 0, estimated: false },
};

/** One bit or letter of each column that an export prints. */
const changes = {
  id: "replace(id, '-', '.')",
  seq: '3',
  turn: 'turn + 4',
  role: "'assistanu'",
  status: "'complete '",
  parts: "replace(parts, 'hen', 'hun')",
  provider: "'demn'",
  model: 'null',
  input_tokens: 'input_tokens + 1024',
  output_tokens: 'null',
  cache_read_tokens: '1',
  cache_write_tokens: '1',
  reasoning_tokens: '1',
  usage_estimated: '1',
  cost_nano_usd: '13',
  price: "replace(price, '1.25', '1.24')",
  latency_ms: '1.75',
  time_to_first_token_ms: '0.3',
  finish_reason: "replace(finish_reason, 'end', 'eod')",
  error: "replace(error, 'm', 'n')",
  created_at: 'created_at + 1',
};

describe('check', () => {
  let folder: string;
  let path: string;
  let store: Store;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'synapse-check-'));
    path = join(folder, 'a.db');
    store = await openSqliteStore({ path });
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  async function findingsAfter(sql: string): Promise<CheckFinding[]> {
    const { sqlite3 } = await loadDrivers();
    const connection = await openConnection(sqlite3, path);
    await execute(connection, sql);
    await closeConnection(connection);
    return store.maintenance.check();
  }

  it('finds a message that was changed after it was stored', async () => {
    const { id } = await aConversation(store, ['fox', 'hen']);
    const findings = await findingsAfter(
      "update messages set parts = replace(parts, 'fox', 'fux') where seq = 1",
    );
    expect(findings).toMatchObject([{ kind: 'content', sessionId: id }]);
  });

  it('finds figures that do not match the messages', async () => {
    const { id } = await aConversation(store, ['fox', 'hen']);
    const { id: other } = await aConversation(store, ['fox']);
    const findings = await findingsAfter(`
      update sessions set turn_count = 7 where id = '${id}';
      update sessions set next_seq = 1 where id = '${other}'`);
    expect(
      findings.map(({ kind, sessionId, text }) => [kind, sessionId, text.split(': ')[1]]),
    ).toEqual(
      expect.arrayContaining([
        ['figures', id, 'turn_count.'],
        ['figures', other, 'next_seq.'],
      ]),
    );
  });

  it('finds spending that the ledger does not contain, and missing calls', async () => {
    const { id, messages } = await aConversation(store, ['q', 'a', 'q', 'b']);
    const { id: other } = await aConversation(store, ['q', 'a']);
    const findings = await findingsAfter(`
      delete from ledger where id = '${messages[1]!.id}';
      update ledger set input_tokens = 5, cost_nano_usd = 7, price = '{}'
        where session_id = '${other}'`);
    expect(findings).toEqual([
      {
        ...{ kind: 'figures', sessionId: id },
        text: `Session ${id} does not match its messages and the ledger: unpriced_count.`,
      },
      {
        ...{ kind: 'figures', sessionId: other },
        text: `Session ${other} does not match its messages and the ledger: input_tokens, cost_nano_usd, unpriced_count.`,
      },
      {
        ...{ kind: 'reference', sessionId: id },
        text: `The ledger has no entry for the answer ${messages[1]!.id} of session ${id}.`,
      },
    ]);
  });

  it('finds a changed requested model, and accepts rows of older versions without one', async () => {
    const asked = { askedProvider: 'router', askedModel: 'auto' };
    const { id } = await store.sessions.create(aSession());
    await store.sessions.append(id, [aMessage('q'), anAnswer('a', asked), anAnswer('b')], null);
    const findings = await findingsAfter("update messages set asked_model = 'other' where seq = 2");
    expect(findings).toMatchObject([{ kind: 'content', sessionId: id }]);
    await expect(store.sessions.promptMessages(id, { limit: 9 })).rejects.toMatchObject({
      reason: 'damaged',
    });
  });

  it('finds turns that do not fit together', async () => {
    const said = async () => {
      const { id } = await aConversation(store, ['q', 'a']);
      await store.sessions.append(id, [aMessage('q')], null, { of: 1 });
      return id;
    };
    const [both, stray, half] = [await said(), await said(), await said()];
    expect(await store.maintenance.check()).toEqual([]);
    const findings = await findingsAfter(`
      update messages set active = 1 where session_id = '${both}';
      update messages set variant_of = 9 where session_id = '${stray}' and turn = 2;
      update messages set active = 0 where session_id = '${half}' and seq = 1`);
    const turns = findings.filter(({ kind }) => kind === 'turns');
    expect(turns.map(({ sessionId, text }) => [sessionId, text])).toEqual(
      expect.arrayContaining([
        [both, expect.stringContaining('is active, but so is turn 1 in the same place')],
        [stray, expect.stringContaining('is a variant of turn 9')],
        [half, expect.stringContaining('contradicts the earlier messages about turn 1')],
      ]),
    );
    const wrong = findings.filter(({ kind }) => kind === 'figures');
    expect(wrong.map(({ sessionId }) => sessionId).sort()).toEqual([both, half].sort());
  });

  it('finds a session with the wrong last turn', async () => {
    const { id } = await aConversation(store, ['q', 'a', 'q', 'a']);
    const findings = await findingsAfter('update sessions set current_turn = 1, last_turn = 1');
    const text = `Session ${id} does not match its messages and the ledger: last_turn, current_turn.`;
    expect(findings).toMatchObject([{ kind: 'figures', text }]);
  });

  it('finds a search index that has lost a message', async () => {
    await aConversation(store, ['fox', 'hen']);
    const findings = await findingsAfter(
      "insert into messages_search (messages_search, rowid, search_text) values ('delete', 1, 'fox')",
    );
    expect(new Set(findings.map(({ kind }) => kind))).toContain('search');
  });

  it.each([
    [
      'has a word that its message has not',
      `
      insert into messages_search (messages_search, rowid, search_text) values ('delete', 1, 'fox');
      insert into messages_search (rowid, search_text) values (1, 'fux')`,
    ],
    [
      'has a message that is gone',
      "insert into messages_search (rowid, search_text) values (9, 'fox')",
    ],
    [
      'has the words of a message in another order',
      `
      insert into messages_search (messages_search, rowid, search_text) values ('delete', 2, 'hen cat');
      insert into messages_search (rowid, search_text) values (2, 'cat hen')`,
    ],
  ])('finds a search index that %s', async (_, sql) => {
    await aConversation(store, ['fox', 'hen cat']);
    expect(await store.maintenance.check()).toEqual([]);
    expect(await findingsAfter(sql)).toMatchObject([{ kind: 'search' }]);
  });

  it('does not block writers, and does not wait for them', async () => {
    await aConversation(store, ['fox', 'hen', 'größer', '漢字かな', '']);
    const { sqlite3 } = await loadDrivers();
    const writer = await openConnection(sqlite3, path);
    await execute(writer, "begin immediate; update sessions set title = 'held'");
    expect(await store.maintenance.check()).toEqual([]);
    await execute(writer, 'commit');
    await closeConnection(writer);
  });

  it('finds missing or changed attachments, and messages without a session', async () => {
    const attachments = await Promise.all(
      ['one', 'two'].map((text) =>
        store.attachments.put({ bytes: Buffer.from(text), mediaType: 'a/b', name: null }),
      ),
    );
    const { id } = await store.sessions.create(aSession());
    const parts = attachments.map((attachment) => ({ type: 'file' as const, attachment }));
    await store.sessions.append(id, [aMessage('', { parts })], null);
    const findings = await findingsAfter(`
      delete from attachments where sha256 = '${attachments[0]!.sha256}';
      update attachments set bytes = x'00'`);
    expect(findings).toMatchObject(
      attachments
        .map(({ sha256 }, index) => ({
          kind: index === 0 ? 'reference' : 'content',
          sessionId: id,
          sha256,
        }))
        .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
        .map(({ kind, sessionId }) => ({ kind, sessionId })),
    );
    const orphaned = await findingsAfter(
      `pragma foreign_keys = off; delete from sessions where id = '${id}'`,
    );
    expect(orphaned.map(({ kind }) => kind)).toContain('reference');
  });

  it('finds every flipped byte in messages, and reads the rest', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 40; index += 1) {
      const text = `session${index} ${'zebra '.repeat(300)}`;
      ids.push((await aConversation(store, [text, text])).id);
    }
    await store.close();
    const original = readFileSync(path);
    const text = original.toString('latin1');
    let undetected = 0;
    let shown = 0;
    let lost = 0;
    let from = 0;
    for (let flip = 0; flip < 25; flip += 1) {
      const at = text.indexOf('"text":"session', from) + 200;
      from = at + 5000;
      if (at < 200) break;
      const damaged = Buffer.from(original);
      damaged[at] = damaged[at]! ^ 1;
      writeFileSync(path, damaged);
      const opened = await openSqliteStore({ path });
      const findings = await opened.maintenance.check();
      if (!findings.some(({ kind }) => kind === 'content')) undetected += 1;
      for (const id of ids) {
        await opened.sessions.messages(id, { limit: 9 }).then(
          () => (shown += 1),
          (error: unknown) => (lost += error instanceof DamagedDataError ? 1 : 1000),
        );
      }
      await opened.close();
    }
    expect({ undetected, lost, shown }).toEqual({ undetected: 0, lost: 25, shown: 25 * 39 });
    expect(from).toBeGreaterThan(0);
    writeFileSync(path, original);
    store = await openSqliteStore({ path });
  });

  it.each(Object.entries(changes))('shows no message whose %s was changed', async (column, sql) => {
    const { id, messages } = await aConversation(store, ['fox']);
    const answer = anAnswer('hen', {
      usage: { ...noUsage, inputTokens: 1000, outputTokens: 10 },
      cost: { nanoUsd: 12, price },
      ...{ latencyMs: 1.5, timeToFirstTokenMs: 0.1 + 0.2 },
      finishReason: { unified: 'stop', raw: 'end' },
      error: { code: 'SYNAPSE_X', message: 'm' },
    });
    await store.sessions.append(id, [answer], null);
    const read = () => store.sessions.messages(id, { limit: 9 });
    const [question] = messages;
    expect(await read()).toMatchObject([{ id: question?.id }, { id: answer.id, latencyMs: 1.5 }]);
    const findings = await findingsAfter(`update messages set ${column} = ${sql} where seq = 2`);
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'content' }));
    const refusal = { reason: 'damaged' };
    await expect(read()).rejects.toMatchObject(refusal);
    if (column !== 'id') {
      await expect(store.sessions.message(id, answer.id)).rejects.toMatchObject(refusal);
    }
    const isSaid = ['seq', 'turn', 'role', 'parts', 'provider', 'model'].includes(column);
    const told = store.sessions.promptMessages(id, { limit: 9 });
    await (isSaid ? expect(told).rejects.toMatchObject(refusal) : told);
  });

  it('checks rows of an earlier version by the seals that it had', async () => {
    const { id } = await aConversation(store, ['fox', 'hen']);
    const [first] = await store.sessions.messages(id, { limit: 9 });
    const hashed = createHash('sha256').update(JSON.stringify(first?.parts)).digest('hex');
    const seal = `update messages set content_sha256 = '${hashed}' where seq = 1`;
    expect(await findingsAfter(seal)).toEqual([]);
    expect(await store.sessions.messages(id, { limit: 9 })).toHaveLength(2);
    await findingsAfter("update messages set parts = replace(parts, 'fox', 'fux') where seq = 1");
    await expect(store.sessions.promptMessages(id, { limit: 9 })).rejects.toMatchObject({ seq: 1 });
  });

  it('never returns a changed attachment', async () => {
    const { sha256 } = await store.attachments.put({
      ...{ bytes: Uint8Array.of(1, 2, 3), mediaType: 'image/png', name: null },
    });
    await findingsAfter("update attachments set bytes = x'010203ff'");
    await expect(store.attachments.get(sha256)).rejects.toMatchObject({
      reason: 'damaged',
    });
  });

  it('reports that the file is damaged, and reads the undamaged data', async () => {
    for (let index = 0; index < 20; index += 1) {
      await aConversation(store, [`fox ${'zebra '.repeat(1000)}`]);
    }
    await store.close();
    const bytes = readFileSync(path);
    const { length } = bytes;
    writeFileSync(path, bytes.fill(0, length - 40_960, length - 32_768));
    store = await openSqliteStore({ path });
    const findings = await store.maintenance.check();
    expect(findings.map(({ kind }) => kind)).toContain('engine');
  });
});
