import { ProviderError } from '@synapse/core';
import { timeoutHint, timeoutFailure } from './network-failure.ts';
import type { ResponseBody } from './response-body.ts';
import { ServerEventParser, type ServerEvent } from './server-event-parser.ts';

/** The longest stored answer has 16 MiB; an event may contain all of it, escaped. */
const MAX_EVENT_LENGTH = 32 * 1024 * 1024;

export interface ReadOptions {
  provider: string;
  /** How long the connection may be silent; evaluated each time. */
  silenceMs: () => number;
  /** How long only comments and pings may come; evaluated each time. */
  pingsOnlyMs: () => number;
}

/**
 * The events of a stream as they arrive, those of one read together. Comments and pings keep the
 * connection alive, but do not show that an answer will come, so they have a limit of their own.
 */
export async function* readServerEvents(
  body: ResponseBody,
  options: ReadOptions,
): AsyncGenerator<ServerEvent[], undefined> {
  const parser = new ServerEventParser(MAX_EVENT_LENGTH);
  let wait = startWait(body, options);
  let eventAtMs = performance.now();
  try {
    for (;;) {
      const { done, value } = await body.next();
      const events = done === true ? parser.end() : parser.push(value);
      if (parser.isOversized) throw oversizedFailure(options.provider);
      const said = events.filter((event) => !isKeepAlive(event));
      if (said.length > 0) {
        // The time limit pauses while the consumer works.
        clearTimeout(wait);
        yield said;
        wait = startWait(body, options);
        eventAtMs = performance.now();
      }
      if (done === true) return;
      if (said.length > 0) continue;
      const limitMs = options.pingsOnlyMs();
      if (performance.now() - eventAtMs >= limitMs) throw pingsOnlyFailure(options, limitMs);
      wait.refresh();
    }
  } finally {
    clearTimeout(wait);
  }
}

function isKeepAlive({ name, data }: ServerEvent): boolean {
  return name === 'ping' || name === 'keepalive' || data.trim() === '';
}

function startWait(body: ResponseBody, { provider, silenceMs }: ReadOptions): NodeJS.Timeout {
  const limitMs = silenceMs();
  return setTimeout(() => {
    const said = `no data came within ${limitMs} ms.`;
    body.destroy(timeoutFailure(provider, said, timeoutHint(provider)));
  }, limitMs);
}

function pingsOnlyFailure({ provider }: ReadOptions, limitMs: number): ProviderError {
  const said = `only pings came within ${limitMs} ms.`;
  return timeoutFailure(provider, said, timeoutHint(provider));
}

function oversizedFailure(provider: string): ProviderError {
  return new ProviderError(`${provider} sent a piece that is larger than Synapse accepts.`, {
    provider,
    reason: 'response-too-large',
    isRetryable: false,
    hint: 'Check that the base URL leads to a model and not to a file.',
  });
}
