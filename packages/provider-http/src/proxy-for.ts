export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy for this address by the environment, or undefined for a direct connection. */
export function proxyFor(url: URL, environment: Environment): string | undefined {
  const isSecure = url.protocol === 'https:';
  const proxy =
    read(environment, isSecure ? 'https_proxy' : 'http_proxy') ?? read(environment, 'all_proxy');
  if (proxy === undefined || isExempt(url, read(environment, 'no_proxy') ?? '')) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function read(environment: Environment, name: string): string | undefined {
  const value = environment[name] ?? environment[name.toUpperCase()];
  return value === undefined || value.trim() === '' ? undefined : value.trim();
}

function isExempt(url: URL, exemptions: string): boolean {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return true;
  return exemptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, name = entry, entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (entryPort !== undefined && entryPort !== port && !name.includes(':')) return false;
  const suffix = name.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
  return host === suffix || host.endsWith(`.${suffix}`);
}
