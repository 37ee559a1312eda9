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
  it('creates missing ids', () => {
    const piece = { function: { name: 'list', arguments: '{}' } };
    const events = read([
      { index: 0, ...piece },
      { index: 1, ...piece, id: null },
    ]);
    const [first, second] = calls(events);
    expect(first?.id).toMatch(/^call_\w{32}$/);
    expect(second?.id).not.toBe(first?.id);
  });

  it('distinguishes calls without index and id by their names', () => {
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

  it('does not start a new call when the name is repeated', () => {
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

  it('distinguishes calls that all have the same index', () => {
    const events = read([
      { index: 0, id: 'c1', function: { name: 'a', arguments: '{}' } },
      { index: 0, id: 'c2', function: { name: 'b', arguments: '{"y":2}' } },
    ]);
    expect(calls(events)).toMatchObject([
      { id: 'c1', name: 'a' },
      { id: 'c2', name: 'b', input: { y: 2 } },
    ]);
  });

  it('accepts arguments that are an object', () => {
    const events = read([{ index: 0, id: 'c1', function: { name: 'a', arguments: { x: 1 } } }]);
    expect(calls(events)).toMatchObject([{ input: { x: 1 } }]);
  });

  it('distinguishes calls without a distinct index or id', () => {
    const events = read([
      { index: 0, id: '', function: { name: 'a', arguments: '{"x":1}' } },
      { index: 0, id: '', function: { name: 'a', arguments: '{"x":2}' } },
    ]);
    expect(calls(events)).toMatchObject([{ input: { x: 1 } }, { input: { x: 2 } }]);
  });

  it('distinguishes calls with the same id by their names', () => {
    const events = read([
      { id: 'c1', function: { name: 'a', arguments: '{}' } },
      { id: 'c1', function: { name: 'b', arguments: '{}' } },
    ]);
    expect(calls(events)).toMatchObject([{ name: 'a' }, { name: 'b' }]);
    expect(new Set(calls(events).map(({ id }) => id)).size).toBe(2);
  });

  it('separates interleaved calls by their ids', () => {
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

  it('separates calls with a text index', () => {
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

  it('does not duplicate a call that is repeated under one id', () => {
    const piece = { index: 0, id: 'c1', function: { name: 'a', arguments: '{"x":1}' } };
    expect(calls(read([piece, piece]))).toMatchObject([{ invalidInput: '{"x":1}{"x":1}' }]);
  });
});
