import { HttpError } from '../problems/http-error.ts';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * The values of `Host` under which the server answers. A page of another site whose name resolves
 * to this machine sends its own name, and is refused.
 */
export function allowedHosts(options: {
  host: string;
  port: number;
  extra: readonly string[];
}): ReadonlySet<string> {
  const { host, port, extra } = options;
  const own = isAnyAddress(host) ? [] : [host.includes(':') ? `[${host}]` : host];
  const names = [...LOOPBACK, ...own];
  // Browsers leave out the default port.
  const withPort = names.flatMap((name) => [
    `${name}:${port}`,
    ...(port === 80 || port === 443 ? [name] : []),
  ]);
  return new Set([...withPort, ...extra].map((name) => name.toLowerCase()));
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

export function checkHost(host: string | null, allowed: ReadonlySet<string>): void {
  if (host !== null && allowed.has(host.toLowerCase())) return;
  throw new HttpError('WRONG_HOST', 'This server does not answer under the name in Host.', {
    hint: 'Use the address that the server prints, or add the name to serve.hosts.',
  });
}

/** Every address of the machine, which no client can name. */
export function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === '';
}
