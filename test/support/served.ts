import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { SynapseHome } from './run-synapse.ts';

export interface Reply {
  status: number;
  /** The text of the reply. */
  text: string;
  /** The JSON of the reply. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server in a process of its own. */
export class Served {
  readonly child: ChildProcess;
  readonly url: string;
  readonly #token: string;

  private constructor(child: ChildProcess, url: string, token: string) {
    this.child = child;
    this.url = url;
    this.#token = token;
  }

  static async start(
    home: SynapseHome,
    token: string,
    environment: Record<string, string> = {},
  ): Promise<Served> {
    const child = home.start(['serve', '--port', '0', '--json'], { environment });
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const { url } = JSON.parse((await lines.next()).value as string) as { url: string };
    return new Served(child, url, token);
  }

  request(path: string, body?: object, signal?: AbortSignal): Promise<Response> {
    return fetch(this.url + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  }

  /** Reads, or sends a body. */
  async ask(path: string, body?: object): Promise<Reply> {
    return toReply(await this.request(path, body));
  }

  /** Sends a request without a body. */
  async post(path: string): Promise<Reply> {
    const headers = { authorization: `Bearer ${this.#token}` };
    return toReply(await fetch(this.url + path, { method: 'POST', headers }));
  }

  /** The text of a stream until it contains these words; the stream is then left. */
  async read(path: string, words: string): Promise<string> {
    const left = new AbortController();
    const { body } = await this.request(path, undefined, left.signal);
    const decoder = new TextDecoder();
    let text = '';
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      text += decoder.decode(piece, { stream: true });
      if (text.includes(words)) break;
    }
    left.abort();
    return text;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
    return this.child.exitCode;
  }
}

async function toReply(reply: Response): Promise<Reply> {
  const text = await reply.text();
  return {
    ...{ status: reply.status, text },
    get body() {
      return JSON.parse(text) as Readonly<Record<string, unknown>>;
    },
  };
}

/** A token with these scopes, in the store of the settings. */
export async function aToken(
  home: SynapseHome,
  scopes: readonly string[],
  environment: Record<string, string> = {},
): Promise<string> {
  const flags = scopes.flatMap((scope) => ['--scope', scope]);
  const words = ['serve', 'tokens', 'create', 'test', ...flags];
  return (await home.run(words, { environment })).stdout.trim();
}
