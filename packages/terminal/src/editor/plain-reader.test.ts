import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { openPlainReader } from './plain-reader.ts';

function open({ isTerminal = true, stops = true } = {}) {
  const input = new PassThrough();
  const host = new EventEmitter();
  const written: string[] = [];
  const counted = { interrupts: 0 };
  const timers: (() => void)[] = [];
  const runOut = () => timers.splice(0).forEach((run) => run());
  const reader = openPlainReader({
    input,
    output: { write: (text) => written.push(text) },
    isTerminal,
    onInterrupt: () => (counted.interrupts += 1) > 0 && stops,
    tooLong: () => new Error('too long'),
    process: host,
    startTimer(run) {
      timers.push(run);
      return () => void timers.splice(0, timers.length, ...timers.filter((one) => one !== run));
    },
  });
  return { input, host, reader, counted, runOut, shown: () => written.join('') };
}

describe('plain-reader', () => {
  it('reads a line after the other, those typed ahead too, and then the end', async () => {
    const { input, reader, shown } = open();
    input.end('one\r\ntwo\nthree');
    expect(await reader.read('> ')).toEqual({ text: 'one' });
    expect(await reader.read('> ')).toEqual({ text: 'two' });
    expect(await reader.read('> ')).toEqual({ text: 'three' });
    expect(await reader.read('> ')).toBe('end');
    expect(shown()).toBe('> > > > ');
  });

  it('goes on behind a backslash, but not behind two', async () => {
    const { input, reader } = open();
    input.end('one\\\ntwo\\\\\nthree\\');
    expect(await reader.read('> ')).toEqual({ text: 'one\ntwo\\\\' });
    expect(await reader.read('> ')).toEqual({ text: 'three' });
    expect(await reader.read('> ')).toBe('end');
  });

  it('writes no control sequence, and takes none', async () => {
    const { input, reader, shown } = open();
    reader.setStatus('status');
    reader.printAbove('above');
    input.end('a\u001b[31mb\n');
    expect(await reader.read('> ')).toEqual({ text: 'a[31mb' });
    expect(shown()).toBe('above\n> ');
  });

  it('shows no prompt where nobody sees it', async () => {
    const { input, reader, shown } = open({ isTerminal: false });
    input.end('one\n');
    await reader.read('> ');
    expect(shown()).toBe('');
  });

  it('has nobody to ask at a pipe, and leaves the line for the next read', async () => {
    const { input, reader } = open({ isTerminal: false });
    input.end('yes\n');
    expect(await reader.read('sure? ', { isQuestion: true })).toBe('end');
    expect(await reader.read('> ')).toEqual({ text: 'yes' });
  });

  it('does not take for an answer what was typed before the question', async () => {
    const { input, reader } = open();
    input.write('first\nyes\n');
    expect(await reader.read('> ')).toEqual({ text: 'first' });
    const answer = reader.read('sure? ', { isQuestion: true });
    input.write('no\n');
    expect(await answer).toEqual({ text: 'no' });
    expect(await reader.read('> ')).toEqual({ text: 'yes' });
  });

  it('takes no line for an answer until a question was there for a moment', async () => {
    const { input, host, reader, runOut, shown } = open();
    const question = () => 'The model wants to use shell\n';
    const answer = reader.read('Run it? ', { isQuestion: true, question });
    input.write('y\n');
    runOut();
    runOut();
    host.emit('SIGCONT');
    input.write('yes\n');
    runOut();
    runOut();
    expect(shown()).toBe(`${question()}Run it? ${question()}Run it? `);
    input.write('n\n');
    expect(await answer).toEqual({ text: 'n' });
    expect(await reader.read('> ')).toEqual({ text: 'y' });
    expect(await reader.read('> ')).toEqual({ text: 'yes' });
  });

  it('returns the lines that a person typed ahead, and keeps those of a script', async () => {
    for (const isTerminal of [true, false]) {
      const { input, reader } = open({ isTerminal });
      input.write('first\nsecond\n');
      expect(await reader.read('> ')).toEqual({ text: 'first' });
      expect(reader.takeBack()).toEqual(isTerminal ? ['second'] : []);
      input.write('third\n');
      expect(await reader.read('> ')).toEqual({ text: isTerminal ? 'third' : 'second' });
    }
  });

  it('takes a key or its word, in a line, and asks again after anything else', async () => {
    const { input, reader, runOut } = open();
    const question = () => 'The model wants to use shell\n';
    const choose = async (...lines: string[]) => {
      const answer = reader.choose({
        prompt: 'Run it? ',
        question,
        answers: { y: 'yes', n: 'no' },
      });
      for (const line of lines) {
        runOut();
        runOut();
        input.write(`${line}\n`);
        await new Promise(setImmediate);
      }
      return answer;
    };
    expect(await choose('', 'yes please', 'constructor', ' YES ')).toEqual({ text: 'y' });
    expect(await choose('n')).toEqual({ text: 'n' });
    expect(
      await open({ isTerminal: false }).reader.choose({ prompt: '', question, answers: {} }),
    ).toBe('end');
  });

  it('ends a question at Ctrl-C, and where the input ends, before it could be read', async () => {
    const { input, host, reader } = open();
    const question = () => 'The model wants to use shell\n';
    const asked = { isQuestion: true, question };
    const interrupted = reader.read('Run it? ', asked);
    host.emit('SIGINT');
    expect(await interrupted).toBe('interrupt');
    const ended = reader.read('Run it? ', asked);
    input.end('y');
    expect(await ended).toBe('end');
  });

  it('hands Ctrl-C on while nothing is read, and else gives up the line', async () => {
    const { input, host, reader, counted } = open();
    host.emit('SIGINT');
    expect(counted.interrupts).toBe(1);
    const interrupted = reader.read('> ');
    host.emit('SIGINT');
    expect(await interrupted).toBe('interrupt');
    expect(counted.interrupts).toBe(1);
    input.write('ne');
    input.write('xt\n');
    expect(await reader.read('> ')).toEqual({ text: 'next' });
  });

  it('keeps a Ctrl-C that stopped nothing for the next read', async () => {
    const { input, host, reader } = open({ stops: false });
    host.emit('SIGINT');
    expect(await reader.read('> ')).toBe('interrupt');
    input.write('next\n');
    expect(await reader.read('> ')).toEqual({ text: 'next' });
  });

  it('ends the read that waits when it is closed', async () => {
    const { host, reader } = open();
    const waiting = reader.read('> ');
    reader.close();
    expect(await waiting).toBe('end');
    expect(host.listenerCount('SIGINT')).toBe(0);
  });
});
