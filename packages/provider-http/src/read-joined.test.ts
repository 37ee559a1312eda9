import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@synapse/core';
import type { AnswerReader } from './answer-reader.ts';
import type { EventData } from './parse-event-data.ts';
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

  read(event: EventData, name: string | null): StreamEvent[] {
    this.asked.push(event);
    if (name === 'error') throw new Error('no more');
    return 'words' in event ? [text(String(event.words))] : [event.means as StreamEvent];
  }

  join(event: EventData, next: EventData): boolean {
    if (typeof event.words !== 'string' || typeof next.words !== 'string') return false;
    event.words += next.words;
    return true;
  }

  end(): StreamEvent[] {
    return [];
  }
}

/** Events by what they hold; `error` is one by its name, other words are data that cannot be read. */
function read(...events: (object | string)[]) {
  const reader = new PlainReader();
  const seen: StreamEvent[] = [];
  let error: unknown;
  try {
    const wire = events.map((event) =>
      typeof event === 'string'
        ? { name: event, data: event === 'error' ? '{}' : event }
        : { name: null, data: JSON.stringify(event) },
    );
    for (const event of readJoined(wire, reader, 'double')) seen.push(event);
  } catch (thrown) {
    error = thrown;
  }
  return { seen, error, asked: reader.asked };
}

describe('readJoined', () => {
  it('merges adjacent deltas of the same kind into one event', () => {
    const { seen, asked } = read({ words: 'a' }, { words: 'b' }, { means: end }, { words: 'c' });
    expect(asked).toEqual([{ words: 'ab' }, { means: end }, { words: 'c' }]);
    expect(seen).toEqual([text('ab'), end, text('c')]);
  });

  it('merges deltas of the same kind, and keeps the order', () => {
    const means = [thought('a'), thought('b'), end, text('c'), text('d'), end, text('e')];
    expect(read(...means.map((event) => ({ means: event }))).seen).toEqual([
      thought('ab'),
      end,
      text('cd'),
      end,
      text('e'),
    ]);
  });

  it('reads nothing after the end of the turn', () => {
    const { seen, asked, error } = read({ words: 'a' }, { means: turnEnd }, { words: 'b' }, 'junk');
    expect(seen).toEqual([text('a'), turnEnd]);
    expect(asked).toEqual([{ words: 'a' }, { means: turnEnd }]);
    expect(error).toBeUndefined();
  });

  it('yields everything before an error', () => {
    const { seen, error } = read({ words: 'so ' }, { words: 'far' }, 'error');
    expect(seen).toEqual([text('so far')]);
    expect(error).toMatchObject({ message: 'no more' });
  });

  it('yields everything before an unreadable event', () => {
    const { seen, error } = read({ words: 'so ' }, { words: 'far' }, '{"words":');
    expect(seen).toEqual([text('so far')]);
    expect(error).toMatchObject({ reason: 'invalid-response' });
  });

  it('yields the end of the turn before an unreadable event after it', () => {
    expect(read({ means: turnEnd }, 'junk').seen).toEqual([turnEnd]);
  });
});
