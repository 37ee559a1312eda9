import { expect, it } from '@jest/globals';
import { Waker } from './waker.ts';

it('polls once for all readers, and only while one waits', async () => {
  let polls = 0;
  let resume: (hasChanged: boolean) => void = () => undefined;
  let asked: () => void = () => undefined;
  const waker = new Waker({
    everyMs: 1,
    hasChanged: () => {
      polls += 1;
      asked();
      return new Promise((resolve) => {
        resume = resolve;
      });
    },
  });
  const nextPoll = () => new Promise<void>((resolve) => (asked = resolve));
  const [first, second] = [new AbortController(), new AbortController()];
  const readers = [waker.listen(first.signal), waker.listen(second.signal)];
  const poll = nextPoll();
  for (const reader of readers) await reader.next();
  await poll;
  expect(polls).toBe(1);
  const woken = Promise.all(readers.map((reader) => reader.next()));
  const following = nextPoll();
  resume(true);
  expect(await woken).toEqual([
    { value: undefined, done: false },
    { value: undefined, done: false },
  ]);
  await following;
  const ends = readers.map((reader) => reader.next());
  first.abort();
  second.abort();
  expect((await Promise.all(ends)).map(({ done }) => done)).toEqual([true, true]);
  resume(false);
  await Promise.resolve();
  expect(polls).toBe(2);
});

it('wakes its readers when the poll fails', async () => {
  const waker = new Waker({ everyMs: 1, hasChanged: () => Promise.reject(new Error('gone')) });
  const controller = new AbortController();
  const reader = waker.listen(controller.signal);
  await reader.next();
  expect(await reader.next()).toEqual({ value: undefined, done: false });
  controller.abort();
  expect((await reader.next()).done).toBe(true);
});

it('keeps a wake that comes while a reader is at work', async () => {
  const waker = new Waker(null);
  const reader = waker.listen(new AbortController().signal);
  await reader.next();
  waker.wake();
  waker.wake();
  expect(await reader.next()).toEqual({ value: undefined, done: false });
  await reader.return(undefined);
});
