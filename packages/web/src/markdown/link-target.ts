/** Where a link leads, if it may lead there. */
export interface LinkTarget {
  readonly href: string;
  /** To be shown beside the text, because the text hides or forges it. */
  readonly shownHost: string | null;
}

const schemes: readonly string[] = ['http:', 'https:', 'mailto:'];
const hostInText = /(?:^|[\s/@(])((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})/u;

/** Undefined for an address that a link must not have, such as `javascript:…`. */
export function toLinkTarget(address: string, text: string): LinkTarget | undefined {
  // A relative address would lead into the page itself.
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !schemes.includes(url.protocol)) return undefined;
  if (url.protocol === 'mailto:') return { href: url.href, shownHost: null };
  return { href: url.href, shownHost: mustShowHost(url, text) ? url.host : null };
}

/** Letters that look like others, a name before the host, or a text that names another host. */
function mustShowHost({ hostname, username, password }: URL, text: string): boolean {
  if (/(?:^|\.)xn--/.test(hostname) || username !== '' || password !== '') return true;
  const named = hostInText.exec(text)?.[1]?.toLowerCase();
  return named !== undefined && named !== hostname && `www.${named}` !== hostname;
}
