import { once } from 'node:events';

/** Writes no faster than the reader reads, so that a long text is never held whole. */
export async function writeToStream(
  stream: NodeJS.WritableStream,
  chunks: AsyncIterable<string>,
): Promise<void> {
  for await (const chunk of chunks) {
    if (!stream.write(chunk)) await once(stream, 'drain');
  }
}
