import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '@synapse/core';
import { openSqliteStore } from '@synapse/storage-sqlite';
import { HttpTestbed } from '@synapse/test/support/http-testbed';
import { aSession } from '@synapse/test/support/samples';

const folder = mkdtempSync(join(tmpdir(), 'synapse-changes-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the stream of changes', () => {
  const path = join(folder, 'sessions.db');
  let bed: HttpTestbed;
  /** The store of another process, such as a terminal. */
  let terminal: Store;
  beforeEach(async () => {
    bed = await HttpTestbed.open({
      store: await openSqliteStore({ path }),
      limits: { stopMs: 100 },
    });
    terminal = await openSqliteStore({ path });
  });
  afterEach(async () => {
    await terminal.close();
    await bed.close();
  });

  const follow = async (since: string, headers: Record<string, string> = {}) => {
    const reply = await fetch(new URL(`/api/events?since=${since}`, bed.url), {
      headers: { authorization: `Bearer ${bed.token}`, ...headers },
    });
    const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    return {
      /** All that was read, as soon as it contains this. */
      async until(text: string) {
        while (!seen.includes(text)) {
          const { value, done } = await reader.read();
          if (done) throw new Error(`The stream ended without ${text}: ${seen}`);
          seen += value;
        }
        return seen;
      },
      leave: () => reader.cancel(),
    };
  };

  it('shows what a terminal writes to the same store, and goes on after a reconnect', async () => {
    const events = await follow('now');
    await events.until('event: ready');
    const { id } = await terminal.sessions.create(aSession());
    const seen = await events.until(id);
    expect(seen).toContain('event: changes');
    const position = /id: (\d+)\nevent: changes/.exec(seen)?.[1] ?? '';
    await events.leave();
    await terminal.sessions.update(id, { title: 'New' });
    const later = await follow('now', { 'last-event-id': position });
    const rest = await later.until(id);
    expect(rest).toContain('"kind":"session"');
    expect(rest).not.toContain(`id: ${position}\nevent: changes`);
    await later.leave();
  });

  it('tells a reader to begin again whose position is of another store', async () => {
    const events = await follow('999999');
    expect(await events.until('event: reset')).not.toContain('event: changes');
    await events.leave();
  });

  it('says goodbye when the server stops', async () => {
    const events = await follow('now');
    await events.until('event: ready');
    const stopped = bed.stop();
    await events.until('event: bye');
    await stopped;
  });
});
