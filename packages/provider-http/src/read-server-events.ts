import { ProviderError } from '@synapse/core';
import { timeoutFailure } from './network-failure.ts';
import type { ResponseBody } from './response-body.ts';
import { ServerEventParser, type ServerEvent } from './server-event-parser.ts';

/** The longest answer that is kept is 16 MiB; an event may hold all of it, escaped. */
const MAX_EVENT_LENGTH = 32 * 1024 * 1024;

export interface ReadOptions {
  provider: string;
  /** How long the next event may take; asked anew each time. */
  idleTimeoutMs: () => number;
}

/**
 * The events of a stream as they come, those of one read together. What only keeps the connection
 * alive, comments and pings, is no sign that an answer will ever come, and does not count against the
 * idle time-out.
 */
export async function* readServerEvents(
  body: ResponseBody,
  options: ReadOptions,
): AsyncGenerator<ServerEvent[], undefined> {
  const parser = new ServerEventParser(MAX_EVENT_LENGTH);
  let wait = startWait(body, options);
  try {
    for (;;) {
      const { done, value } = await body.next();
      const events = done === true ? parser.end() : parser.push(value);
      if (parser.isOversized) throw oversizedFailure(options.provider);
      const said = events.filter((event) => !isKeepAlive(event));
      if (said.length > 0) {
        // The clock stands while the consumer is at work.
        clearTimeout(wait);
        yield said;
        wait = startWait(body, options);
      }
      if (done === true) return;
    }
  } finally {
    clearTimeout(wait);
  }
}

function isKeepAlive({ name, data }: ServerEvent): boolean {
  return name === 'ping' || name === 'keepalive' || data.trim() === '';
}

function startWait(body: ResponseBody, { provider, idleTimeoutMs }: ReadOptions): NodeJS.Timeout {
  const limitMs = idleTimeoutMs();
  return setTimeout(() => {
    const said = `nothing more came within ${limitMs} ms.`;
    body.destroy(timeoutFailure(provider, said, 'Ask again, or allow it more time.'));
  }, limitMs);
}

function oversizedFailure(provider: string): ProviderError {
  return new ProviderError(`${provider} sent more in one piece than Synapse takes.`, {
    provider,
    reason: 'response-too-large',
    isRetryable: false,
    hint: 'Check that the base URL leads to a model and not to a file.',
  });
}
