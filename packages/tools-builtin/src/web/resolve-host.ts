import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { InvalidDataError, NotPermittedError } from '@synapse/core';
import { isPrivateAddress } from './private-address.ts';

export type Resolve = (host: string) => Promise<LookupAddress[]>;

export const resolveBySystem: Resolve = async (host) => lookup(host, { all: true });

/**
 * The IP address for a request. It is chosen before the connection and kept, so that a name cannot
 * resolve to one address for the check and to another for the request.
 */
export async function resolveHost(
  url: URL,
  resolve: Resolve,
  allowedHosts: readonly string[],
): Promise<LookupAddress> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const addresses = family > 0 ? [{ address: host, family }] : await resolveName(host, resolve);
  const [first] = addresses;
  if (!first) throw new InvalidDataError(`The host "${host}" has no address.`);
  const isAllowed = allowedHosts.includes(url.host) || allowedHosts.includes(host);
  if (!isAllowed && addresses.some(({ address }) => isPrivateAddress(address))) {
    throw new NotPermittedError(`"${host}" leads to this computer or a private network.`, {
      hint: 'Only addresses of the public internet are fetched.',
    });
  }
  return first;
}

async function resolveName(host: string, resolve: Resolve): Promise<LookupAddress[]> {
  try {
    return await resolve(host);
  } catch (error) {
    throw new InvalidDataError(`The host "${host}" is not known.`, { cause: error });
  }
}
