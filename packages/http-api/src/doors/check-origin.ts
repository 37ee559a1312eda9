import { HttpError } from '../problems/http-error.ts';

/**
 * Refuses requests that a page of another site makes, and those of another port of this host: the
 * header CORS would only keep the page from reading the reply. `Sec-Fetch-Site: none` is a person
 * who types the address; programs send neither header.
 */
export function checkOrigin(headers: Headers, origins: ReadonlySet<string>): void {
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  const host = headers.get('host')?.toLowerCase();
  if (origin !== null && origins.has(origin)) return;
  const isOwn = origin === null || origin === `http://${host}` || origin === `https://${host}`;
  if (isOwn && (site === null || site === 'same-origin' || site === 'none')) return;
  throw new HttpError('FOREIGN_ORIGIN', 'A page of another site sent this request.', {
    hint: 'Open the page of this server, or add the origin of the other one to serve.origins.',
  });
}
