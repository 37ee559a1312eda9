import type { AttachmentReference, NewAttachment, ToolOutput } from '@synapse/core';
import type { ToolAnswer } from './builtin-tool.ts';

export interface OutputCap {
  /** The limit of a result for the model, in bytes of UTF-8. */
  maxOutputBytes: number;
  /** Stores the whole of a shortened result. */
  keep: (attachment: NewAttachment) => Promise<AttachmentReference>;
}

/** A result for the model: well-formed, of limited size, and with a note about omitted parts. */
export async function capOutput(answer: ToolAnswer, cap: OutputCap): Promise<ToolOutput> {
  const { isError = false, attachments = [] } = answer;
  const text = answer.text.toWellFormed();
  const bytes = Buffer.from(text);
  if (bytes.length <= cap.maxOutputBytes && !answer.whole) {
    return { output: text, isError, attachments };
  }
  const whole = await cap.keep({
    bytes: answer.whole ?? bytes,
    mediaType: 'text/plain',
    name: 'output.txt',
  });
  return {
    output: cutMiddle(bytes, cap.maxOutputBytes),
    isError,
    attachments: [...attachments, whole],
  };
}

/** Keeps the beginning and the end, and drops the middle. */
function cutMiddle(bytes: Buffer, maxBytes: number): string {
  if (bytes.length <= maxBytes) return bytes.toString();
  const head = boundaryBefore(bytes, Math.floor(maxBytes * 0.6));
  const tail = boundaryBefore(bytes, bytes.length - (maxBytes - head));
  const note = `\n[${tail - head} bytes are left out here; the whole output is stored as an attachment]\n`;
  return bytes.toString('utf8', 0, head) + note + bytes.toString('utf8', tail);
}

/** Never inside a code point. */
export function boundaryBefore(bytes: Uint8Array, index: number): number {
  let boundary = index;
  while (boundary > 0 && ((bytes[boundary] ?? 0) & 0xc0) === 0x80) boundary -= 1;
  return boundary;
}
