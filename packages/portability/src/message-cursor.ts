import type { Message } from '@synapse/core';
import { lengthOf } from '@synapse/core/store-kit';

const MESSAGES_PER_PAGE = 500;
/** Long messages are stored one by one: a batch takes several times its size in memory. */
const LENGTH_PER_PAGE = 1 << 20;

/** Messages that are compared one by one before they are taken. */
export class MessageCursor {
  readonly #pages: AsyncIterator<readonly Message[]>;
  #page: readonly Message[] = [];
  #index = 0;

  constructor(pages: AsyncIterable<readonly Message[]>) {
    this.#pages = pages[Symbol.asyncIterator]();
  }

  /** The next message; undefined at the end. */
  async peek(): Promise<Message | undefined> {
    while (this.#index >= this.#page.length) {
      const next = await this.#pages.next();
      if (next.done) return undefined;
      this.#page = next.value;
      this.#index = 0;
    }
    return this.#page[this.#index];
  }

  async take(): Promise<Message | undefined> {
    const message = await this.peek();
    if (message) this.#index += 1;
    return message;
  }

  /** The remaining messages, in pages that can be stored at once. */
  async *rest(): AsyncGenerator<Message[]> {
    let page: Message[] = [];
    let length = 0;
    for (;;) {
      const message = await this.take();
      if (message) {
        page.push(message);
        length += lengthOf(message.parts);
      }
      const isFull = page.length === MESSAGES_PER_PAGE || length >= LENGTH_PER_PAGE;
      if (page.length > 0 && (isFull || !message)) {
        yield page;
        page = [];
        length = 0;
      }
      if (!message) return;
    }
  }

  async close(): Promise<void> {
    await this.#pages.return?.();
  }
}
