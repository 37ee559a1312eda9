import { isJsonObject, newId, SynapseError, type JsonValue, type Store } from '@synapse/core';
import { Hono, type Context } from 'hono';
import { checkBody, readBytes, readJson } from './doors/read-body.ts';
import { checkHost } from './doors/check-host.ts';
import { checkOrigin } from './doors/check-origin.ts';
import { crossOriginHeaders, preflightReply } from './doors/cross-origin.ts';
import { KeyedRequests, readKey } from './doors/idempotency-key.ts';
import { identify, requireScope } from './doors/identify.ts';
import { rateHeaders, RateLimit } from './doors/rate-limit.ts';
import { addSecurityHeaders } from './doors/security-headers.ts';
import type { WebPage } from './page/web-page.ts';
import { HttpError } from './problems/http-error.ts';
import { problemResponse, toProblem } from './problems/problem.ts';
import type { Call, Route, Visit } from './route.ts';
import type { Service } from './service.ts';
import { readQuery, validate } from './validate.ts';

export interface HttpAppOptions {
  routes: readonly Route[];
  service: Service;
  store: Store;
  hosts: ReadonlySet<string>;
  /** Origins of other pages that may ask. */
  origins: ReadonlySet<string>;
  page: WebPage | undefined;
}

/** What Node knows about a request; absent in tests without a socket. */
interface Bindings {
  incoming?: {
    socket?: { remoteAddress?: string | undefined; setTimeout?: (ms: number) => unknown };
  };
}

interface Arrival extends Visit {
  context: Context<{ Bindings: Bindings }>;
  route: Route | undefined;
}

/** The table of routes as a web handler: every request passes the same doors, in the same order. */
export class HttpApp {
  readonly #options: HttpAppOptions;
  readonly #hono = new Hono<{ Bindings: Bindings }>();
  readonly #byToken: RateLimit;
  readonly #byAddress: RateLimit;
  readonly #keyed = new KeyedRequests();

  constructor(options: HttpAppOptions) {
    this.#options = options;
    const { limits, app } = options.service;
    this.#byToken = new RateLimit(limits.requestsPerMinute, app.clock);
    this.#byAddress = new RateLimit(limits.refusedTokensPerMinute, app.clock);
    for (const route of options.routes) {
      const named = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
      const path = route.takesRest ? `${named}{[^]+}` : named;
      this.#hono.on(route.method, path, (context) => this.#serve(context, route));
    }
    this.#hono.all('*', (context) => this.#serve(context, undefined));
  }

  readonly fetch = (request: Request, bindings: Bindings = {}): Response | Promise<Response> =>
    this.#hono.fetch(request, bindings);

  async #serve(context: Arrival['context'], route: Route | undefined): Promise<Response> {
    const { service } = this.#options;
    const { clock, logger, secrets } = service.app;
    const requestId = newId();
    const startedMs = clock.monotonicMs();
    const { headers, signal } = context.req.raw;
    const allowSilence = () => context.env.incoming?.socket?.setTimeout?.(0);
    const arrival = { context, route, service, headers, requestId, signal, allowSilence };
    const added: Record<string, string> = { 'x-request-id': requestId };
    let response: Response;
    try {
      response = await this.#pass(arrival, added);
    } catch (error) {
      service.figures.failed(error);
      const problem = toProblem(error, requestId, secrets());
      response = route?.errors?.reply(error, secrets()) ?? problemResponse(error, problem);
      if (problem.status >= 500) {
        const { stack } = error as Error;
        const isExpected = error instanceof SynapseError;
        logger.error({ requestId, code: problem.code, ...(!isExpected && { stack }) }, 'failed');
      }
    }
    for (const [name, value] of Object.entries(added)) response.headers.set(name, value);
    addSecurityHeaders(response.headers);
    const { status } = response;
    const name = route?.path ?? '(none)';
    const { method } = context.req;
    const seconds = (clock.monotonicMs() - startedMs) / 1000;
    service.figures.served({ method: route?.method ?? 'other', route: name, status, seconds });
    logger.info(
      { requestId, method, route: name, status, ms: Math.round(seconds * 1e3) },
      'served',
    );
    return response;
  }

  /** The doors, then the handler. */
  async #pass(arrival: Arrival, added: Record<string, string>): Promise<Response> {
    const { hosts, origins, service, page } = this.#options;
    const { context, route, headers } = arrival;
    const { limits } = service;
    checkHost(headers.get('host'), hosts);
    // Links of other sites may lead to the page; it contains nothing of the store.
    const { method, path: address } = context.req;
    const file = route ? undefined : await page?.reply(method, address, headers);
    if (file) return file;
    checkOrigin(headers, origins);
    Object.assign(added, crossOriginHeaders(headers, origins));
    const preflight = preflightReply(context.req.method, headers, origins);
    if (preflight) return preflight;
    if (context.req.url.length > limits.urlLength) {
      throw new HttpError('TOO_LARGE', 'The address of the request is too long.');
    }
    if (route?.scope === null)
      return route.handle(arrival as unknown as Call<unknown, unknown, unknown>);
    const identity = await this.#identify(arrival, added);
    if (!route) throw this.#notFound(context.req);
    requireScope(identity, route.scope);
    const maxBytes = route.body?.maxBytes ?? limits.jsonBytes;
    checkBody(headers, route.body, maxBytes);
    const params = validate(route.params, context.req.param(), 'path');
    const { searchParams, pathname, search } = new URL(context.req.url);
    const query = validate(route.query, readQuery(route.query, searchParams), 'query');
    const body = await readContent(context.req.raw, route, maxBytes);
    const caller = { identity, store: this.#options.store.as(identity), app: service.app };
    const handle = () => route.handle({ ...arrival, caller, params, query, body });
    const key = route.method === 'POST' ? readKey(headers) : null;
    const { tokenId } = identity;
    if (key === null || tokenId === null) return handle();
    // Bytes name themselves: their handlers store them by their hash. A server has several hosts.
    const content = [route.method, pathname + search, route.body?.kind === 'json' ? body : null];
    return this.#keyed.run(
      { tokenId, key, content: JSON.stringify(content) },
      { receipts: caller.store.receipts, clock: service.app.clock },
      handle,
    );
  }

  async #identify({ context, headers, service }: Arrival, added: Record<string, string>) {
    const { clock } = service.app;
    try {
      const identity = await identify(headers, this.#options.store.tokens, clock.now());
      const rate = this.#byToken.take(identity.tokenId ?? '');
      Object.assign(added, rateHeaders('token', this.#byToken, rate));
      if (!rate.isAllowed) throw tooMany(rate.resetSeconds);
      return identity;
    } catch (error) {
      if (!(error instanceof HttpError) || error.status !== 401) throw error;
      const address = context.env.incoming?.socket?.remoteAddress ?? '';
      const rate = this.#byAddress.take(address);
      if (rate.isAllowed) throw error;
      Object.assign(added, rateHeaders('address', this.#byAddress, rate));
      throw tooMany(rate.resetSeconds);
    }
  }

  #notFound({ path, method }: { path: string; method: string }): HttpError {
    const allowed = this.#options.routes.filter((route) => matches(route, path));
    if (allowed.length === 0) {
      return new HttpError('NOT_FOUND', 'There is nothing at this address.', {
        hint: 'GET /api/openapi.json lists every address.',
      });
    }
    const methods = allowed.map((route) => route.method).join(', ');
    return new HttpError('METHOD_NOT_ALLOWED', `This address does not take ${method}.`, {
      headers: { allow: methods },
    });
  }
}

async function readContent(
  { body: stream }: Request,
  { body }: Route,
  maxBytes: number,
): Promise<unknown> {
  if (!body) return undefined;
  if (body.kind === 'bytes') return readBytes(stream, maxBytes);
  const value = await readJson(stream, maxBytes);
  // The schemas would take an array for an object without fields.
  if (!isJsonObject(value as JsonValue)) {
    throw new HttpError('INVALID_REQUEST', 'The body is no JSON object.');
  }
  return validate(body.schema, value, 'body');
}

function matches({ path: template, takesRest }: Route, path: string): boolean {
  const wanted = template.split('/');
  const words = path.split('/');
  return (
    (wanted.length === words.length || (takesRest && words.length > wanted.length)) === true &&
    wanted.every((word, index) => word.startsWith('{') || word === words[index])
  );
}

function tooMany(seconds: number): HttpError {
  return new HttpError('TOO_MANY_REQUESTS', 'Too many requests in the last minute.', {
    hint: `Wait ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
  });
}
