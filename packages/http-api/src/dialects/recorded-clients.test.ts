import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { textOf, type Store } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { HttpTestbed, type Asked } from '@synapse/test/support/http-testbed';

/** A request as a client sent it, without its host and its token. */
interface Recorded {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

function recordingsOf(client: string): Recorded[] {
  const url = new URL(`../../../../test/fixtures/clients/${client}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Recorded[];
}

let bed: HttpTestbed;
let store: Store;
let model: ScriptedProvider;

beforeEach(async () => {
  store = createMemoryStore();
  const scripts = ['Hello there', 'Hello there', 'And again'].map((said) => [text(said), turnEnd]);
  model = new ScriptedProvider(...scripts);
  bed = await HttpTestbed.open({
    store,
    changeApp: (app) => ({
      ...app,
      openModel: async () => ({
        ...(await app.openModel({ provider: 'demo', model: 'echo' })),
        provider: model,
      }),
    }),
  });
});
afterEach(() => bed.close());

function replay({ method, path, headers, body }: Recorded): Promise<Asked> {
  const sent = method === 'GET' ? {} : { json: body };
  return bed.ask(method, path, { ...sent, headers });
}

async function sessions() {
  return (await store.sessions.list({ limit: 10 })).items;
}

async function stored(sessionId: string) {
  const messages = await store.sessions.messages(sessionId, { limit: 50 });
  return messages.map(({ role, parts }) => `${role}: ${textOf(parts)}`);
}

describe('codex', () => {
  it('continues its session with the second turn', async () => {
    const [first] = recordingsOf('codex');
    const [second] = recordingsOf('codex-second-turn');
    // Codex gets the ids of its items from the server; those of the recording are as good.
    const { headers, body } = await replay(first!);
    expect(headers.get('x-synapse-ignored-tools')).toBe('namespace multi_agent_v1, web_search');
    expect(body as unknown as string).toContain('event: response.completed');
    await replay(second!);
    const [session, ...others] = await sessions();
    expect(others).toEqual([]);
    expect(session).toMatchObject({ title: 'say hello', metadata: { client: 'codex_exec' } });
    expect((await stored(session!.id)).slice(1)).toEqual([
      ...['assistant: Hello there', 'user: and again', 'assistant: Hello there'],
    ]);
    expect(model.requests[1]?.systemPrompt).toMatch(/coding agent[\s\S]*skills[\s\S]*permissions/);
  });
});

describe('opencode', () => {
  it('names its session with a side call, and continues it', async () => {
    const [title, first] = recordingsOf('opencode');
    const [second] = recordingsOf('opencode-second-turn');
    for (const request of [title, first, second]) {
      const { body } = await replay(request!);
      expect(body as unknown as string).toMatch(
        /"usage":\{"prompt_tokens":10.*\n\ndata: \[DONE\]\n\n$/,
      );
    }
    const [session, ...others] = await sessions();
    expect(others).toEqual([]);
    expect(session).toMatchObject({ title: 'Hello there', messageCount: 4, inputTokens: 30 });
    expect((await stored(session!.id)).slice(1)).toEqual([
      ...['user: "say hello"', 'assistant: Hello there'],
      ...['user: "and again"', 'assistant: And again'],
    ]);
  });
});

describe('openai-node', () => {
  it('gets what it asks for, and no usage that it did not ask for', async () => {
    const [models, chat, response] = recordingsOf('openai-node');
    expect((await replay(models!)).body).toMatchObject({ object: 'list' });
    const streamed = (await replay(chat!)).body as unknown as string;
    expect(streamed).not.toContain('usage');
    expect((await replay(response!)).body).toMatchObject({ object: 'response', model: 'm1' });
  });
});
