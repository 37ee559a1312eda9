import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '@synapse/app/wiring';
import { newId, type Store } from '@synapse/core';
import type { Scope, TokenStore } from '@synapse/core/server';
import { openApiDocument, routes, startServer, type ServerOptions } from '@synapse/http-api';
import { createMemoryStore } from '@synapse/storage-memory';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** A value in JSON whose fields a test reads without checks. */
export interface Content {
  readonly [field: string]: Content;
}

export interface Asked {
  status: number;
  headers: Headers;
  /** The JSON of the reply; otherwise its text. */
  body: Content;
}

export interface AskOptions {
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  bytes?: string | Uint8Array;
  /** Another token than the one with all scopes; null for none. */
  token?: string | null;
}

/** A server on a socket, over a store; every reply is checked against the OpenAPI document. */
export class HttpTestbed {
  readonly #folder: string;
  readonly #server: Awaited<ReturnType<typeof startServer>>;
  readonly #validators = new ReplyValidators();
  readonly app: App;
  readonly store: Store;
  readonly token: string;

  private constructor(parts: {
    folder: string;
    app: App;
    store: Store;
    token: string;
    server: Awaited<ReturnType<typeof startServer>>;
  }) {
    this.#folder = parts.folder;
    this.#server = parts.server;
    this.app = parts.app;
    this.store = parts.store;
    this.token = parts.token;
  }

  static async open(
    options: Partial<ServerOptions> & { changeApp?: (app: App) => App } = {},
  ): Promise<HttpTestbed> {
    const folder = mkdtempSync(join(tmpdir(), 'synapse-http-'));
    const { changeApp = (app: App) => app, ...rest } = options;
    const app = changeApp(
      await createApp({
        environment: { HOME: folder, SYNAPSE_PROVIDER: 'demo' },
        here: folder,
        flags: {},
        verbose: null,
        notify: () => undefined,
      }),
    );
    const store = rest.store ?? createMemoryStore();
    const server = await startServer({
      ...{ app, store, host: '127.0.0.1', port: 0 },
      ...rest,
    });
    const token = await createToken(store.tokens, ['read', 'write', 'tools', 'admin']);
    return new HttpTestbed({ folder, app, store, token, server });
  }

  get url(): string {
    return this.#server.url;
  }

  get port(): number {
    return this.#server.port;
  }

  stop(): Promise<void> {
    return this.#server.close();
  }

  async close(): Promise<void> {
    await this.#server.close();
    await this.store.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** Throws if the reply is not one that the document describes. */
  async ask(method: string, path: string, options: AskOptions = {}): Promise<Asked> {
    const { headers = {}, json, bytes, token = this.token } = options;
    const content = json === undefined ? bytes : JSON.stringify(json);
    const reply = await fetch(new URL(path, this.url), {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(content !== undefined && { body: content as string }),
    });
    const text = await reply.text();
    const isJson = /[/+]json$/.test(reply.headers.get('content-type') ?? '');
    const asked = {
      status: reply.status,
      headers: reply.headers,
      body: isJson && text !== '' ? (JSON.parse(text) as Content) : (text as unknown as Content),
    };
    this.#validators.check(method, new URL(path, this.url).pathname, asked);
    return asked;
  }

  get(path: string, options: AskOptions = {}): Promise<Asked> {
    return this.ask('GET', path, options);
  }

  post(path: string, json: unknown, options: AskOptions = {}): Promise<Asked> {
    return this.ask('POST', path, { json, ...options });
  }
}

/** Stores a new token with these scopes and returns it. */
export async function createToken(
  tokens: TokenStore,
  scopes: readonly Scope[],
  owner: string | null = null,
): Promise<string> {
  const token = `syn_${randomBytes(32).toString('base64url')}`;
  const hash = createHash('sha256').update(token).digest('hex');
  const createdAt = new Date('2026-01-31T09:30:00Z');
  await tokens.create({ id: newId(), name: 'test', hash, scopes, owner, createdAt });
  return token;
}

type Document = ReturnType<typeof openApiDocument> & {
  paths: Record<string, Record<string, { responses: Record<string, DocumentReply> }>>;
};
interface DocumentReply {
  $ref?: string;
  content?: Record<string, { schema: object }>;
}

class ReplyValidators {
  readonly #document = openApiDocument(routes, '1') as Document;
  readonly #ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });

  constructor() {
    this.#ajv.addSchema(this.#document, 'openapi');
  }

  check(method: string, path: string, { status, headers, body }: Asked): void {
    const template = findTemplate(Object.keys(this.#document.paths), path);
    const operation = this.#document.paths[template ?? '']?.[method.toLowerCase()];
    const isProblem = status >= 400;
    const type = headers.get('content-type');
    const own = operation?.responses['4XX']?.content;
    if (isProblem && own) {
      const at = ['paths', template, method.toLowerCase(), 'responses', '4XX', 'content', type];
      this.#validate(`openapi#/${toPointer(at)}/schema`, body);
      return;
    }
    if (isProblem) {
      if (type !== 'application/problem+json') throw new Error(`${status} has the type ${type}.`);
      this.#validate('openapi#/components/schemas/Problem', body);
      return;
    }
    const reply = operation?.responses[String(status)];
    if (!reply) throw new Error(`The document has no ${status} for ${method} ${path}.`);
    const types = Object.keys(reply.content ?? {});
    if (types.length === 0) {
      if ((body as unknown) !== '') throw new Error(`${method} ${path} has a body.`);
      return;
    }
    if (!types.includes('*/*') && !types.includes(type ?? '')) {
      throw new Error(`${method} ${path} has the type ${type}, not ${types.join(' or ')}.`);
    }
    const responses = ['paths', template, method.toLowerCase(), 'responses'];
    const pointer = toPointer([...responses, status, 'content', type]);
    if (reply.content?.[type ?? '']) this.#validate(`openapi#/${pointer}/schema`, body);
  }

  #validate(reference: string, value: unknown): void {
    const validate = this.#ajv.getSchema(reference);
    if (!validate) throw new Error(`There is no schema ${reference}.`);
    if (validate(value) === true) return;
    const problems = (validate.errors ?? []).map(
      ({ instancePath, message = '' }) => `${instancePath} ${message}`,
    );
    throw new Error(`${problems.join('\n')}\n${JSON.stringify(value)}`);
  }
}

function toPointer(words: readonly unknown[]): string {
  return words
    .map((word) => encodeURIComponent(String(word).replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
}

/** The path of the table that this path belongs to; words win over parameters. */
function findTemplate(templates: readonly string[], path: string): string | undefined {
  // Ids of models contain slashes.
  const words = path.replace(/^(\/v1\/models\/).+/, '$1{model}').split('/');
  return templates
    .filter((template) => {
      const wanted = template.split('/');
      return (
        wanted.length === words.length &&
        wanted.every((word, index) =>
          word.startsWith('{') ? words[index] !== '' : word === words[index],
        )
      );
    })
    .sort((a, b) => a.split('{').length - b.split('{').length)[0];
}
