/** One object on one line, in the envelope that every JSON output shares. */
export function printJson(stream: NodeJS.WritableStream, value: object): void {
  stream.write(`${JSON.stringify({ v: 1, ...value })}\n`);
}
