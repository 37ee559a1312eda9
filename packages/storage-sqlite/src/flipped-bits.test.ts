import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { silentLogger, SynapseError, systemClock, type Store } from '@synapse/core';
import { defaultContextSettings, runTurn, SessionContext } from '@synapse/core/conversation';
import { allSessions, exportSessions, jsonFormat } from '@synapse/portability';
import { randomFrom } from '@synapse/test/faults/fault';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { aConversation, aMessage, anAnswer } from '@synapse/test/support/samples';
import { temporaryFolder } from '@synapse/test/support/temporary-folder';
import { openSqliteStore } from './open-sqlite-store.ts';

const folder = temporaryFolder();
const FLIPS = 200;
const SEED = 20261129;

async function exported(store: Store): Promise<string> {
  let all = '';
  for await (const piece of exportSessions(store, allSessions(store.transfer), {
    format: jsonFormat,
  })) {
    all += piece;
  }
  return all;
}

async function shown(store: Store): Promise<string> {
  const [session] = await store.sessions.find('plan');
  return JSON.stringify([session, await store.sessions.messages(session!.id, { limit: 50 })]);
}

/** What is sent to a provider when the session is resumed. */
async function sent(store: Store): Promise<string> {
  const provider = new ScriptedProvider([text('answer'), turnEnd]);
  const { sessions, attachments } = store;
  const [session] = await sessions.find('plan');
  const { id: sessionId, systemPrompt } = session!;
  const context = new SessionContext({
    ...{ sessions, attachments, sessionId, systemPrompt },
    answerer: { provider: provider.name, model: 'm' },
    limits: { contextTokens: null, maxOutputTokens: null },
    settings: defaultContextSettings,
  });
  const turn = runTurn({
    ...{ sessions, sessionId, lease: null, provider, model: 'm', context },
    parts: [{ type: 'text', text: 'next' }],
    prices: { costOf: () => null },
    ...{ clock: systemClock, logger: silentLogger, signal: new AbortController().signal },
  });
  for await (const event of turn) if (event.type === 'storage-failed') throw event.error;
  return JSON.stringify(provider.requests);
}

const uses = { exported, shown, sent };

it('returns exactly what was stored or fails, for any flipped bit of the file', async () => {
  const path = join(folder, 'whole.db');
  const store = await openSqliteStore({ path });
  const image = await store.attachments.put({
    ...{ bytes: Uint8Array.from({ length: 3000 }, (_, index) => index), mediaType: 'image/png' },
    name: 'a.png',
  });
  for (const handle of ['plan', 'diary', null]) {
    const texts = Array.from(
      { length: 24 },
      (_, index) => `text ${index} ${'zebra '.repeat(index * 5)}`,
    );
    const { id } = await aConversation(store, texts, {
      ...{ handle, title: `Title of ${handle}`, systemPrompt: 'Be brief.', tags: ['a', 'b'] },
      ...{
        provider: 'scripted',
        model: 'm',
        metadata: { key: 'value' },
        workingDirectory: '/work',
      },
    });
    const withImage = aMessage('look', { parts: [{ type: 'image', attachment: image }] });
    const usage = {
      ...{ inputTokens: 100, outputTokens: 20, cacheReadTokens: 3, cacheWriteTokens: 4 },
      ...{ reasoningTokens: 5, estimated: false },
    };
    await store.sessions.append(id, [withImage, anAnswer('seen', { usage, latencyMs: 12 })], null);
  }
  const expected: Record<string, string> = {};
  for (const [name, use] of Object.entries(uses))
    expected[name] = name === 'sent' ? '' : await use(store);
  await store.close();
  const whole = readFileSync(path);
  const copy = join(folder, 'flipped.db');
  const run = async (bytes: Buffer, use: (store: Store) => Promise<string>) => {
    writeFileSync(copy, bytes);
    const opened = await openSqliteStore({ path: copy });
    try {
      return await use(opened);
    } finally {
      await opened.close();
    }
  };
  expected.sent = await run(whole, sent);

  const random = randomFrom(SEED);
  const outcomes: Record<string, number> = {};
  const wrong: string[] = [];
  for (let flip = 0; flip < FLIPS; flip += 1) {
    const at = Math.floor(random() * whole.length);
    const bit = Math.floor(random() * 8);
    const bytes = Buffer.from(whole);
    bytes[at] = bytes[at]! ^ (1 << bit);
    for (const [name, use] of Object.entries(uses)) {
      const outcome = await run(bytes, use).then(
        (given) => (given === expected[name] ? 'same' : 'other'),
        (error: unknown) =>
          error instanceof SynapseError ? 'refused' : `failed: ${String(error)}`,
      );
      outcomes[`${name} ${outcome}`] = (outcomes[`${name} ${outcome}`] ?? 0) + 1;
      if (outcome !== 'same' && outcome !== 'refused')
        wrong.push(`${name} ${outcome} at ${at}, bit ${bit}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(outcomes['exported refused']).toBeGreaterThan(FLIPS / 20);
});
