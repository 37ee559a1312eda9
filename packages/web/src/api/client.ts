import { isOnline } from '../state/is-online.ts';
import { forgetToken, token } from '../state/token.ts';
import { Problem, toProblem, unreachable } from './problem.ts';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** Reads JSON; rejects with a Problem. */
export async function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return readJson(await send('GET', withQuery(path, query), { signal }));
}

/** Sends JSON and reads it; rejects with a Problem. */
export async function post<T>(path: string, content?: object): Promise<T> {
  return readJson(await send('POST', path, { content }));
}

export async function patch<T>(path: string, content: object): Promise<T> {
  return readJson(await send('PATCH', path, { content }));
}

/** Bytes in either direction, such as an attachment; a link could not send the token. */
export async function readBlob(path: string): Promise<Blob> {
  return (await send('GET', path, {})).blob();
}

export async function upload<T>(path: string, bytes: Blob, query: Query): Promise<T> {
  return readJson(await send('POST', withQuery(path, query), { bytes }));
}

/** The reply, whose status is that of a success; rejects with a Problem. */
export async function send(
  method: string,
  path: string,
  options: {
    content?: object | undefined;
    bytes?: Blob | undefined;
    signal?: AbortSignal | undefined;
    /** Another token than that of this browser. */
    token?: string;
  },
): Promise<Response> {
  const { content, bytes, signal, token: given } = options;
  const used = given ?? token.value ?? '';
  const type = bytes ? 'application/octet-stream' : content && 'application/json';
  const reply = await fetch(path, {
    method,
    headers: {
      authorization: `Bearer ${used}`,
      ...(type !== undefined && { 'content-type': type }),
    },
    body: bytes ?? (content ? JSON.stringify(content) : null),
    signal: signal ?? null,
    credentials: 'omit',
    cache: 'no-store',
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw unreachable();
  });
  if (reply.ok) {
    isOnline.value = true;
    return reply;
  }
  const problem = await toProblem(reply);
  // The token was revoked: the page begins again.
  if (problem.status === 401 && given === undefined) forgetToken(used);
  throw problem;
}

async function readJson<T>(reply: Response): Promise<T> {
  try {
    return (await reply.json()) as T;
  } catch {
    throw new Problem(0, { detail: 'The reply of the server was cut off.' });
  }
}

function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const words = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return given.length > 0 ? `${path}?${words.toString()}` : path;
}
