import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@synapse/core';
import { ChatCalls } from './chat-calls.ts';

function read(pieces: readonly object[]): StreamEvent[] {
  const reader = new ChatCalls();
  return [...pieces.flatMap((piece) => reader.read([piece])), ...reader.end(true)];
}

const calls = (events: readonly StreamEvent[]) =>
  events.filter((event) => event.type === 'tool-call');

describe('ChatCalls', () => {
  it('makes up ids where there are none', () => {
    const piece = { function: { name: 'list', arguments: '{}' } };
    const events = read([
      { index: 0, ...piece },
      { index: 1, ...piece, id: null },
    ]);
    const [first, second] = calls(events);
    expect(first?.id).toMatch(/^call_\w{32}$/);
    expect(second?.id).not.toBe(first?.id);
  });

  it('tells calls without index and id apart by their names', () => {
    const events = read([
      { function: { name: 'a', arguments: '{"x":' } },
      { function: { arguments: '1}' } },
      { function: { name: 'b', arguments: '{}' } },
    ]);
    expect(calls(events)).toMatchObject([
      { name: 'a', input: { x: 1 } },
      { name: 'b', input: {} },
    ]);
  });

  it('does not begin a new call when the name is said again', () => {
    const piece = (text: string) => ({
      index: 0,
      id: 'c1',
      function: { name: 'a', arguments: text },
    });
    const events = read([piece('{"x"'), piece(':1'), piece('}')]);
    expect(calls(events)).toEqual([{ type: 'tool-call', id: 'c1', name: 'a', input: { x: 1 } }]);
  });

  it('keeps the first id when it changes in the middle of a call', () => {
    const events = read([
      { index: 0, id: 'c1', function: { name: 'a', arguments: '{"x":' } },
      { index: 0, id: 'c2', function: { name: 'a', arguments: '1}' } },
    ]);
    expect(calls(events)).toMatchObject([{ id: 'c1', input: { x: 1 } }]);
  });

  it('tells calls apart that all have the same index', () => {
    const events = read([
      { index: 0, id: 'c1', function: { name: 'a', arguments: '{}' } },
      { index: 0, id: 'c2', function: { name: 'b', arguments: '{"y":2}' } },
    ]);
    expect(calls(events)).toMatchObject([
      { id: 'c1', name: 'a' },
      { id: 'c2', name: 'b', input: { y: 2 } },
    ]);
  });

  it('takes arguments that are an object', () => {
    const events = read([{ index: 0, id: 'c1', function: { name: 'a', arguments: { x: 1 } } }]);
    expect(calls(events)).toMatchObject([{ input: { x: 1 } }]);
  });

  it('tells calls apart that have neither an index of their own nor an id', () => {
    const events = read([
      { index: 0, id: '', function: { name: 'a', arguments: '{"x":1}' } },
      { index: 0, id: '', function: { name: 'a', arguments: '{"x":2}' } },
    ]);
    expect(calls(events)).toMatchObject([{ input: { x: 1 } }, { input: { x: 2 } }]);
  });

  it('tells calls apart whose id is the same, by their names', () => {
    const events = read([
      { id: 'c1', function: { name: 'a', arguments: '{}' } },
      { id: 'c1', function: { name: 'b', arguments: '{}' } },
    ]);
    expect(calls(events)).toMatchObject([{ name: 'a' }, { name: 'b' }]);
    expect(new Set(calls(events).map(({ id }) => id)).size).toBe(2);
  });

  it('keeps calls apart that come by turns with nothing but their ids', () => {
    const events = read([
      { id: 'c1', function: { name: 'a', arguments: '{"x":' } },
      { id: 'c2', function: { name: 'a', arguments: '{"y":' } },
      { id: 'c3', function: { name: 'b', arguments: '' } },
      { id: 'c1', function: { arguments: '1}' } },
      { id: 'c3', function: { arguments: '{"z":3}' } },
      { id: 'c2', function: { name: 'a', arguments: '2}' } },
    ]);
    expect(calls(events)).toMatchObject([
      { id: 'c1', name: 'a', input: { x: 1 } },
      { id: 'c2', name: 'a', input: { y: 2 } },
      { id: 'c3', name: 'b', input: { z: 3 } },
    ]);
  });

  it('keeps calls apart whose index is text', () => {
    const events = read([
      { index: '0', id: 'c1', function: { name: 'a', arguments: '{"x":' } },
      { index: '1', id: 'c2', function: { name: 'b', arguments: '{"y":' } },
      { index: '0', function: { arguments: '1}' } },
      { index: '1', function: { arguments: '2}' } },
    ]);
    expect(calls(events)).toMatchObject([
      { id: 'c1', input: { x: 1 } },
      { id: 'c2', input: { y: 2 } },
    ]);
  });

  it('does not run a call that is said twice under one id', () => {
    const piece = { index: 0, id: 'c1', function: { name: 'a', arguments: '{"x":1}' } };
    expect(calls(read([piece, piece]))).toMatchObject([{ invalidInput: '{"x":1}{"x":1}' }]);
  });
});
