import { InvalidDataError } from '@synapse/core';
import { toByteSize } from '@synapse/core/words';

/** Reads to the end, up to a limit, so that endless input is refused, too. */
export async function readLimited(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let byteLength = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    byteLength += chunk.byteLength;
    if (byteLength > maxBytes) {
      throw new InvalidDataError(`"${name}" is larger than ${toByteSize(maxBytes)}.`, {
        hint: 'Attach the part of it that matters.',
      });
    }
  }
  return Buffer.concat(chunks);
}
