import type { ExportFormat } from './export-format.ts';
import { EXPORT_TYPE, EXPORT_VERSION } from './export-version.ts';
import { messageToJson, sessionToJson } from './session-json.ts';

/** Complete: exporting an import of it gives the same text again. One record per line. */
export const jsonFormat: ExportFormat = {
  sessions: 'many',
  attachmentsAt: 'end',
  turns: 'all',
  begin: () => `{"v":${EXPORT_VERSION},"type":"${EXPORT_TYPE}","sessions":[`,
  beginSession: (session, index) =>
    `${comma(index)}\n{"session":${JSON.stringify(sessionToJson(session))},"messages":[`,
  message: (message, index) => `${comma(index)}\n${JSON.stringify(messageToJson(message))}`,
  endSession: () => '\n]}',
  beginAttachments: () => '\n],"attachments":[',
  attachment: ({ sha256, bytes }, index) =>
    `${comma(index)}\n{"sha256":"${sha256}","base64":"${Buffer.from(bytes).toString('base64')}"}`,
  end: () => '\n]}\n',
};

function comma(index: number): string {
  return index === 0 ? '' : ',';
}
