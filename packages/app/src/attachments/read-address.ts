import { FileNotFoundError, joinSignals, SynapseError } from '@synapse/core';
import { readLimited } from './read-limited.ts';

export const ADDRESS_TIMEOUT_MS = 30_000;

export interface AddressOptions {
  maxBytes: number;
  timeoutMs?: number;
}

/** The content of a web address, after redirects. */
export async function readAddress(
  address: string,
  { maxBytes, timeoutMs = ADDRESS_TIMEOUT_MS }: AddressOptions,
): Promise<Buffer> {
  const url = new URL(address);
  const place = `${url.host}${url.pathname}`;
  const limit = joinSignals([], timeoutMs);
  try {
    const response = await fetch(url, { signal: limit.signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw new FileNotFoundError(`${place} answered with status ${response.status}.`);
    }
    const { body } = response;
    return body ? await readLimited(body, nameOfAddress(address), maxBytes) : Buffer.alloc(0);
  } catch (error) {
    if (error instanceof SynapseError) throw error;
    const isLate = (error as Error).name === 'TimeoutError';
    throw new FileNotFoundError(
      isLate
        ? `${place} did not load within ${timeoutMs / 1000} seconds.`
        : `${place} cannot be reached.`,
      { hint: 'Download it another way and attach the file.', cause: error },
    );
  } finally {
    limit.release();
  }
}

/** The last part of the path, or the host if there is none. */
export function nameOfAddress(address: string): string {
  const { host, pathname } = new URL(address);
  return pathname.split('/').findLast((word) => word !== '') ?? host;
}
