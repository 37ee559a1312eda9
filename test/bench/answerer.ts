import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openAiResponsesWire } from '../support/wire/openai-responses-wire.ts';

export interface Answerer {
  /** The base URL of a server that answers in so many pieces, all at once; of a word each, or of more. */
  urlFor(pieces: number, words?: number): string;
  /** One whose answer begins this long after the request; `firstByteAt` says when it did. */
  urlForLate(waitMs: number): string;
  firstByteAt(): number;
  /** One whose answers wait for `release`; then they come in 100 pieces, one each 20 ms. */
  urlForHeld(): string;
  /** Returns when the waiting answers went on. */
  release(): Date;
  close(): void;
}

/** A provider on this machine that costs nothing to wait for, in the words of the Responses API. */
export async function openAnswerer(): Promise<Answerer> {
  let firstByteAt = 0;
  const answers = new Map<string, Buffer>();
  const answerOf = (pieces: number, words = pieces) => {
    const key = `${pieces} ${words}`;
    const answer =
      answers.get(key) ??
      Buffer.from(openAiResponsesWire({ model: 'gpt-5', text: cut(words, pieces) }).join(''));
    answers.set(key, answer);
    return answer;
  };
  const answerLate = async (response: ServerResponse, waitMs: number) => {
    response.flushHeaders();
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    firstByteAt = performance.now();
    response.end(answerOf(5));
  };
  let goOn: (() => void)[] = [];
  const answerHeld = async (response: ServerResponse) => {
    response.flushHeaders();
    await new Promise<void>((resolve) => goOn.push(resolve));
    for (const event of openAiResponsesWire({ model: 'gpt-5', text: cut(100, 100) })) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      response.write(event);
    }
    response.end();
  };
  const server = createServer((request, response) => {
    const [, kind, number = '0', words = number] = (request.url ?? '').split('/');
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (kind === 'late') void answerLate(response, Number(number));
    else if (kind === 'held') void answerHeld(response);
    else response.end(answerOf(Number(number), Number(words)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urlFor: (pieces, words = pieces) => `http://127.0.0.1:${port}/pieces/${pieces}/${words}`,
    urlForLate: (waitMs) => `http://127.0.0.1:${port}/late/${waitMs}`,
    firstByteAt: () => firstByteAt,
    urlForHeld: () => `http://127.0.0.1:${port}/held`,
    release() {
      for (const resolve of goOn) resolve();
      goOn = [];
      return new Date();
    },
    close: () => server.close(),
  };
}

function cut(words: number, pieces: number): string[] {
  const text = Array.from({ length: words }, (_, index) => `word${index % 10} `);
  const length = Math.ceil(words / pieces);
  return Array.from({ length: pieces }, (_, index) =>
    text.slice(index * length, (index + 1) * length).join(''),
  );
}
