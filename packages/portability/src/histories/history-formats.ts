import { chatgpt } from './chatgpt.ts';
import { claudeAi } from './claude-ai.ts';
import { claudeCode } from './claude-code.ts';
import { cline, kiloCode, rooCode } from './cline.ts';
import { codex } from './codex.ts';
import { geminiCli } from './gemini-cli.ts';
import { llm } from './llm.ts';
import type { HistoryFile, HistoryFormat } from './history.ts';
import { librechat } from './librechat.ts';
import { openWebui } from './open-webui.ts';

const BEGINNING = 64 << 10;

/** In the order in which they are tried. */
export const historyFormats: readonly HistoryFormat[] = [
  claudeCode,
  codex,
  chatgpt,
  claudeAi,
  openWebui,
  librechat,
  geminiCli,
  llm,
  cline,
  rooCode,
  kiloCode,
];

/** The format that fits a file, by its beginning. */
export async function detectHistory(file: HistoryFile): Promise<HistoryFormat | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of file.bytes()) {
    pieces.push(chunk);
    length += chunk.byteLength;
    if (length >= BEGINNING) break;
  }
  const beginning = Buffer.concat(pieces).subarray(0, BEGINNING).toString('utf8');
  for (const format of historyFormats) if (await format.detects(file, beginning)) return format;
  return undefined;
}
