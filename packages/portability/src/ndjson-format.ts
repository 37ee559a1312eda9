import type { ExportFormat } from './export-format.ts';
import { EXPORT_TYPE, EXPORT_VERSION } from './export-version.ts';
import { messageToJson, sessionToJson } from './session-json.ts';

// 1 MiB in base64, so that only lines with long messages are long.
const BYTES_PER_LINE = 3 << 18;

/**
 * Everything, with an object on each line: the header, then each session followed by its messages,
 * and the bytes of an attachment, in pieces, before the first message that refers to them. The last
 * line has the counts; if it is missing, the file is cut off. Writing and reading take little
 * memory, whatever the size of the file.
 */
export const ndjsonFormat: ExportFormat = {
  sessions: 'many',
  attachmentsAt: 'first use',
  turns: 'all',
  begin: () => line({ v: EXPORT_VERSION, type: EXPORT_TYPE, format: 'ndjson' }),
  beginSession: (session) => line({ session: sessionToJson(session) }),
  message: (message) => line({ message: messageToJson(message) }),
  endSession: () => '',
  beginAttachments: () => '',
  attachment({ sha256, bytes }) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let text = '';
    let start = 0;
    do {
      const base64 = buffer.subarray(start, start + BYTES_PER_LINE).toString('base64');
      text += line({ attachment: { sha256, byteLength: buffer.byteLength, base64 } });
      start += BYTES_PER_LINE;
    } while (start < buffer.byteLength);
    return text;
  },
  end: (counts) => line({ end: counts }),
};

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
