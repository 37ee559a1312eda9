import { describe, expect, it } from '@jest/globals';
import { newId } from '@synapse/core';
import { createMemoryStore } from '@synapse/storage-memory';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { ScriptedProvider, text, turnEnd } from '@synapse/test/fakes/scripted-provider';
import { newsOf, openRuns, textIn } from '@synapse/test/support/run-testbed';
import { aSession } from '@synapse/test/support/samples';
import fc from 'fast-check';
import type { RunNews } from './follow-run.ts';

const positionOf = (news: RunNews) => (news.type === 'event' ? news.event.position : news.position);

describe('followRun', () => {
  it('gives a reader that reconnects at any event each text exactly once', async () => {
    const piece = fc.record({
      words: fc.string({ minLength: 1, maxLength: 8 }),
      kind: fc.constantFrom('text-delta' as const, 'reasoning-delta' as const),
      // Whether time passes, so that the events so far are stored.
      pauses: fc.boolean(),
    });
    const cuts = fc.array(fc.nat(4), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), cuts, async (pieces, counts) => {
        const clock = new FakeClock();
        const script = pieces.flatMap(({ words, kind, pauses }) => [
          { type: kind, text: words },
          ...(pauses ? [() => clock.advance(200)] : []),
        ]);
        const store = createMemoryStore();
        const provider = new ScriptedProvider([...script, turnEnd]);
        const bed = await openRuns(store, provider, { clock });
        const id = await bed.start();
        const seen: RunNews[] = [];
        // While the answer is made, and after it.
        for (let turn = 0; !isEnd(seen.at(-1)); turn += 1) {
          const count = Math.max(1, counts[turn % counts.length] ?? 1);
          const after = seen.length === 0 ? 0 : positionOf(seen.at(-1)!);
          seen.push(...(await newsOf(bed.registry, id, { after, count })));
        }
        const whole = pieces.flatMap(({ kind, words }) => (kind === 'text-delta' ? [words] : []));
        expect(textIn(seen)).toBe(whole.join(''));
        const all = await newsOf(bed.registry, id);
        expect(seen).toEqual(all);
        for (let cut = 0; cut <= all.length; cut += 1) {
          expect(await newsOf(bed.registry, id, { after: cut })).toEqual(all.slice(cut));
        }
        await bed.registry.stop(0);
      }),
      { numRuns: 60 },
    );
  });

  it('stores few events for many pieces of text, and at most 7 batches a second', async () => {
    const clock = new FakeClock();
    const store = createMemoryStore();
    const second = Array.from({ length: 100 }, () => [text('x'), () => clock.advance(10)]).flat();
    const bed = await openRuns(store, new ScriptedProvider([...second, turnEnd]), { clock });
    let batches = 0;
    const append = store.runs.append.bind(store.runs);
    store.runs.append = (...given) => {
      batches += 1;
      return append(...given);
    };
    const news = await newsOf(bed.registry, await bed.start());
    expect(textIn(news)).toBe('x'.repeat(100));
    // One for the question, seven for the second, one for the end.
    expect(batches).toBeLessThanOrEqual(9);
  });

  it('stores each event once, also if a write fails before or after the commit', async () => {
    const clock = new FakeClock();
    const store = createMemoryStore();
    const script = Array.from({ length: 8 }, (_, index) => [
      text(String(index)),
      () => clock.advance(2000),
    ]).flat();
    const bed = await openRuns(store, new ScriptedProvider([...script, turnEnd]), { clock });
    const append = store.runs.append.bind(store.runs);
    let writes = 0;
    store.runs.append = async (...given) => {
      writes += 1;
      if (writes === 2) throw new Error('not stored');
      const position = await append(...given);
      if (writes === 4) throw new Error('stored, but the connection broke');
      return position;
    };
    const news = await newsOf(bed.registry, await bed.start());
    expect(textIn(news)).toBe('01234567');
    expect(news.map(positionOf)).toEqual(news.map((_, index) => index + 1));
  });

  it('begins again for a reader whose events are gone, or who knows more than the store', async () => {
    const store = createMemoryStore();
    const bed = await openRuns(store, new ScriptedProvider([text('a'), turnEnd]));
    const id = await bed.start();
    const all = await newsOf(bed.registry, id);
    expect(await newsOf(bed.registry, id, { after: 99 })).toMatchObject([
      { type: 'reset', position: all.length, run: { id, outcome: 'complete' } },
    ]);
    await bed.registry.stop(0);
    await store.runs.prune(new Date(Date.now() + 60_000));
    expect(await newsOf(bed.registry, id, { after: 1 })).toMatchObject([
      { type: 'reset', position: all.length },
    ]);
    expect(await newsOf(bed.registry, id, { after: all.length })).toEqual([]);
  });

  it('sends a reader of an active run who knows too much back to its beginning', async () => {
    const store = createMemoryStore();
    const bed = await openRuns(store, new ScriptedProvider());
    const { id: sessionId } = await store.sessions.create(aSession());
    const id = newId();
    const startedAt = new Date();
    await store.runs.begin({ id, sessionId, instanceId: 'other', requestHash: 'h', startedAt });
    await store.runs.append(id, [{ type: 'text-delta', data: { text: 'a' } }]);
    expect(await newsOf(bed.registry, id, { after: 5, count: 2 })).toMatchObject([
      { type: 'reset', position: 0 },
      { type: 'event', event: { position: 1 } },
    ]);
  });
});

function isEnd(news: RunNews | undefined): boolean {
  return news?.type === 'event' && news.event.type === 'run-ended';
}
