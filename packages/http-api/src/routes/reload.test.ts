import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newId, type StreamEvent } from '@synapse/core';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { HttpTestbed, type Content } from '@synapse/test/support/http-testbed';
import { appWith } from '@synapse/test/support/run-testbed';
import { aSession } from '@synapse/test/support/samples';

let bed: HttpTestbed;
afterEach(() => bed.close());

interface Shown {
  id: string;
  role: string;
  status: string;
  parts: readonly PartShown[];
}
type PartShown = Readonly<Record<string, unknown>>;
interface Page {
  items: readonly Shown[];
  run: { id: string; position: number; answer: readonly PartShown[] } | null;
}
interface Told {
  id: number;
  type: string;
  data: Content;
}

const reasoning = (words: string): StreamEvent => ({ type: 'reasoning-delta', text: words });
const reasoned: StreamEvent = { type: 'reasoning-end', replay: null };
const call: StreamEvent = { type: 'tool-call', id: 'c1', name: 'read', input: { path: 'a.txt' } };

describe('a page that is loaded in the middle of an answer', () => {
  it('neither misses nor doubles anything, wherever it begins to follow', async () => {
    const snapshots: Page[] = [];
    const snap = async () => {
      snapshots.push((await bed.get(path)).body as unknown as Page);
    };
    /** Before and after what has been said so far is stored. */
    const load = async () => {
      const before = (await bed.store.runs.get(id))?.position ?? 0;
      await snap();
      while (((await bed.store.runs.get(id))?.position ?? 0) === before) await setImmediate();
      await snap();
    };
    const said = (...events: StreamEvent[]) => events.flatMap((event) => [event, load]);
    const provider = new ScriptedProvider(
      [...said(reasoning('so'), reasoned, text('one '), text('two'), call), turnEnd],
      [...said(text('three'), reasoning('hm'), text('four')), turnEnd],
    );
    const scripted = await appWith(provider);
    bed = await HttpTestbed.open({
      changeApp: (app) => {
        writeFileSync(join(app.here, 'a.txt'), 'content of the file');
        return { ...app, openModel: (choice) => scripted.openModel(choice) };
      },
    });
    const session = await bed.store.sessions.create(aSession({ provider: 'demo', title: 'T' }));
    const path = `/api/sessions/${session.id}/messages`;
    const id = newId();
    await bed.post(`/api/sessions/${session.id}/runs`, { id, text: 'q', tools: 'read' });
    const told = eventsIn((await bed.get(`/api/runs/${id}/events`)).body);
    const end = (await bed.get(path)).body as unknown as Page;
    expect(end.run).toBeNull();
    expect(end.items.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
    expect(JSON.stringify(end.items)).toContain('content of the file');

    const following = snapshots.filter(({ run }) => run !== null);
    expect(new Set(following.map(({ run }) => run?.position)).size).toBeGreaterThan(5);
    for (const { items, run } of following) {
      const after = told.filter((event) => event.id > run!.position);
      expect(items.map(({ id: one }) => one)).toEqual([id]);
      expect(replay(run!.answer, after)).toBe(
        textsOf(end.items.slice(1).flatMap((one) => one.parts)),
      );
    }
  });

  it('is told of no run on an older page, and of none when nothing runs', async () => {
    bed = await HttpTestbed.open();
    const { id } = await bed.store.sessions.create(aSession());
    expect((await bed.get(`/api/sessions/${id}/messages`)).body.run).toBeNull();
    expect((await bed.get(`/api/sessions/${id}/messages?cursor=before-5`)).body.run).toBeNull();
  });
});

/** What a page shows in the end. */
function replay(answer: readonly PartShown[], events: readonly Told[]): string {
  let shown = textsOf(answer);
  for (const { type, data } of events) {
    if (type === 'text-delta' || type === 'reasoning-delta')
      shown += data.text as unknown as string;
    if (type === 'tool-call') shown += JSON.stringify(data.input);
    if (type === 'tool-end') shown += data.output as unknown as string;
  }
  return shown;
}

function textsOf(parts: readonly PartShown[]): string {
  return parts
    .map(({ text: words, input, output }) => (words ?? output ?? JSON.stringify(input)) as string)
    .join('');
}

function eventsIn(stream: unknown): Told[] {
  return [...String(stream).matchAll(/^id: (\d+)\nevent: (.+)\ndata: (.+)$/gm)].map(
    ([, id, type = '', data = '']) => ({ id: Number(id), type, data: JSON.parse(data) as Content }),
  );
}
