import type { App } from '@synapse/app/wiring';
import type { Store } from '@synapse/core';
import type { Identity, Scope } from '@synapse/core/server';
import type { JsonSchema } from '@synapse/portability/json-schemas';
import * as v from 'valibot';
import type { Service } from './service.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who asks, with the part of the store that this identity may see. */
export interface Caller {
  identity: Identity;
  store: Store;
  app: App;
}

/** A row of the table: routing, validation, the OpenAPI document and the door tests come from it. */
export interface Route extends RouteText {
  /** What the token of the caller must allow; null if anybody may ask, even without a token. */
  scope: Scope | null;
  params: StrictObject;
  query: StrictObject;
  body: Body | undefined;
  replies: Readonly<Record<number, ReplySpec>>;
  handle: (call: Call<unknown, unknown, unknown>) => Promise<Response>;
}

/** Errors that are no problem documents, because clients of this address read another form. */
export interface ErrorForm {
  schema: JsonSchema;
  example: unknown;
  reply: (error: unknown, secrets: readonly string[]) => Response;
}

export interface RouteText {
  method: Method;
  /** As OpenAPI writes it: `/api/sessions/{sessionId}`. */
  path: `/${string}`;
  /** The operation id, unique in the table. */
  id: string;
  /** The group in the reference. */
  tag: string;
  summary: string;
  description?: string;
  /** Problem documents by default. */
  errors?: ErrorForm;
  /** The last parameter takes the whole rest of the path, with its slashes. */
  takesRest?: true;
}

export type Body = JsonBody | BytesBody;

export interface JsonBody<S extends v.GenericSchema = v.GenericSchema> {
  kind: 'json';
  schema: S;
  example: unknown;
  /** 1 MiB by default. */
  maxBytes?: number;
}

/** Bytes of any length up to `maxBytes`, which the handler reads as they come. */
export interface BytesBody {
  kind: 'bytes';
  mediaTypes: readonly string[];
  maxBytes: number;
}

export interface ReplySpec {
  description: string;
  /** Of a JSON reply. */
  schema?: JsonSchema;
  example?: unknown;
  /** Other media types than JSON. */
  mediaTypes?: readonly string[];
  /** Names and meanings of headers. */
  headers?: Readonly<Record<string, string>>;
}

/** What every handler gets. */
export interface Visit {
  service: Service;
  headers: Headers;
  requestId: string;
  /** Aborted when the client leaves. */
  signal: AbortSignal;
  /** Lets the connection stay silent, because the answer may take longer than the usual limit. */
  allowSilence: () => void;
}

/** A request that passed every door. */
export interface Call<Params, Query, Content> extends Visit {
  caller: Caller;
  params: Params;
  query: Query;
  body: Content;
}

type Entries = v.ObjectEntries;
type StrictObject<E extends Entries = Entries> = v.StrictObjectSchema<E, undefined>;
type Values<E extends Entries> = v.InferOutput<StrictObject<E>>;
type Content<B extends Body | undefined> =
  B extends JsonBody<infer S>
    ? v.InferOutput<S>
    : B extends BytesBody
      ? AsyncIterable<Uint8Array>
      : undefined;

export interface RouteSpec<
  P extends Entries,
  Q extends Entries,
  B extends Body | undefined,
> extends RouteText {
  scope: Scope;
  params?: P;
  query?: Q;
  body?: B;
  replies: Readonly<Record<number, ReplySpec>>;
  handle: (call: Call<Values<P>, Values<Q>, Content<B>>) => Promise<Response>;
}

/** A route for callers with a token. */
export function defineRoute<
  P extends Entries = Record<string, never>,
  Q extends Entries = Record<string, never>,
  B extends Body | undefined = undefined,
>({ params, query, body, handle, ...rest }: RouteSpec<P, Q, B>): Route {
  return {
    ...rest,
    params: v.strictObject(params ?? {}),
    query: v.strictObject(query ?? {}),
    body,
    // The router validates with the same schemas.
    handle: handle as Route['handle'],
  };
}

/** A route without a token and without a store: for probes. */
export function definePublicRoute({
  handle,
  ...rest
}: RouteText & {
  replies: Readonly<Record<number, ReplySpec>>;
  handle: (visit: Visit) => Promise<Response>;
}): Route {
  const none = v.strictObject({});
  return { ...rest, scope: null, params: none, query: none, body: undefined, handle };
}
