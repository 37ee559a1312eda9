import { expect, it } from '@jest/globals';
import { FakeClock } from '@synapse/test/fakes/fake-clock';
import { eventReply, type ServerEvent } from './event-stream.ts';

it('sends a ping after 15 s without an event', async () => {
  const clock = new FakeClock();
  async function* silence(): AsyncGenerator<ServerEvent> {
    yield { id: 1, type: 'text', data: {} };
    await new Promise(() => undefined);
  }
  const reply = eventReply(silence(), clock, new AbortController().signal);
  const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
  const read = async () => (await reader.read()).value;
  expect(await read()).toBe('retry: 1000\n\n');
  expect(await read()).toBe('id: 1\nevent: text\ndata: {}\n\n');
  const next = read();
  while (clock.sleeperCount === 0) await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(15_000);
  expect(await next).toBe('event: ping\ndata: {}\n\n');
});
