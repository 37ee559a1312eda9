import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@synapse/core';
import type { AnswerReader } from './answer-reader.ts';
import { readJoined } from './read-joined.ts';

const text = (words: string): StreamEvent => ({ type: 'text-delta', text: words });
const thought = (words: string): StreamEvent => ({ type: 'reasoning-delta', text: words });
const end: StreamEvent = { type: 'reasoning-end', replay: null };
const turnEnd: StreamEvent = {
  type: 'turn-end',
  finishReason: { unified: 'stop', raw: 'stop' },
  usage: null,
  model: 'a-model',
};

/** Understands events that hold what they mean; of those with words, neighbours are one. */
class PlainReader implements AnswerReader {
  readonly isComplete = false;
  readonly asked: object[] = [];

  read(event: Record<string, unknown>, name: string | null): StreamEvent[] {
    this.asked.push(name === null ? event : { ...event, name });
    if (name === 'error') throw new Error(String(event.words));
    return 'words' in event ? [text(String(event.words))] : [event.means as StreamEvent];
  }

  join(event: Record<string, unknown>, next: Record<string, unknown>): boolean {
    if (typeof event.words !== 'string' || typeof next.words !== 'string') return false;
    event.words += next.words;
    return true;
  }

  end(): StreamEvent[] {
    return [];
  }
}

function read(...events: (object | string)[]) {
  const reader = new PlainReader();
  const seen: StreamEvent[] = [];
  let error: unknown;
  try {
    const joined = readJoined(
      events.map((event) => {
        const { name = null, ...data } = typeof event === 'string' ? {} : { ...event };
        return { name, data: typeof event === 'string' ? event : JSON.stringify(data) } as const;
      }),
      reader,
      'double',
    );
    for (const event of joined) seen.push(event);
  } catch (thrown) {
    error = thrown;
  }
  return { seen, error, asked: reader.asked };
}

describe('readJoined', () => {
  it('reads neighbours that say more of the same as one event', () => {
    const { seen, asked } = read({ words: 'a' }, { words: 'b' }, { means: end }, { words: 'c' });
    expect(asked).toEqual([{ words: 'ab' }, { means: end }, { words: 'c' }]);
    expect(seen).toEqual([text('ab'), end, text('c')]);
  });

  it('joins what means the same, and keeps the order of everything', () => {
    const means = [thought('a'), thought('b'), end, text('c'), text('d'), end, text('e')];
    expect(read(...means.map((event) => ({ means: event }))).seen).toEqual([
      thought('ab'),
      end,
      text('cd'),
      end,
      text('e'),
    ]);
  });

  it('asks for nothing behind the end of the turn', () => {
    const { seen, asked, error } = read({ words: 'a' }, { means: turnEnd }, { words: 'b' }, 'junk');
    expect(seen).toEqual([text('a'), turnEnd]);
    expect(asked).toEqual([{ words: 'a' }, { means: turnEnd }]);
    expect(error).toBeUndefined();
  });

  it('gives what has come before an error', () => {
    const { seen, error } = read({ words: 'so ' }, { words: 'far' }, { name: 'error', words: 'x' });
    expect(seen).toEqual([text('so far')]);
    expect(error).toMatchObject({ message: 'x' });
  });

  it('gives what has come before an event that cannot be read', () => {
    const { seen, error } = read({ words: 'so ' }, { words: 'far' }, '{"words":');
    expect(seen).toEqual([text('so far')]);
    expect(error).toMatchObject({ reason: 'invalid-response' });
  });

  it('gives the end of the turn before what stands behind it and cannot be read', () => {
    expect(read({ means: turnEnd }, 'junk').seen).toEqual([turnEnd]);
  });
});
