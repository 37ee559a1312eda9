import { ConfigError } from '../errors/config-error.ts';

/**
 * The address of an API, read from `source`, in the form that the adapters expect. OLLAMA_HOST is
 * the address on which a server listens, so a scheme may be missing, and `0.0.0.0` means this
 * machine.
 */
export function toBaseUrl(
  text: string,
  source: string,
  preset: { baseUrl: string | null; path: string | null; isLocal: boolean } | null,
): string {
  const isBare = !/^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const isLocal = preset?.isLocal === true;
  const address = isBare && isLocal ? toAddress(text, preset.baseUrl) : text;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError(`The address in ${source} is not the URL of a server.`, {
      hint: 'It begins with https:// or http://, such as https://api.example.com/v1.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigError(`The address in ${source} contains a user name or a password.`, {
      hint: 'Put the key into a variable of its own; addresses are shown and logged.',
    });
  }
  if (isLocal && url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (isLocal && url.hostname === '[::]') url.hostname = '[::1]';
  if (url.pathname === '/' && preset?.path) url.pathname = preset.path;
  return url.href.replace(/\/+$/, '');
}

function toAddress(text: string, usualUrl: string | null): string {
  const usual = new URL(usualUrl ?? 'http://127.0.0.1');
  // Only a bare IPv6 address has two colons in a row, and it has no port.
  if (text.startsWith('::')) return `http://[${text}]:${usual.port}`;
  const match = /^(\[[^\]]*\]|[^:/]*)(?::(\d*))?(\/.*)?$/.exec(text);
  if (match === null) return text;
  const [, host = '', port = '', path = ''] = match;
  const name = host === '' ? usual.hostname : host;
  return `http://${name}:${port === '' ? usual.port : port}${path}`;
}
