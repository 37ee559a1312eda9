import { aichat } from './aichat.ts';
import { atif } from './atif.ts';
import { chatbotUi } from './chatbot-ui.ts';
import { chatgpt } from './chatgpt.ts';
import { claudeAi } from './claude-ai.ts';
import { claudeCode } from './claude-code.ts';
import { cline, kiloCode, rooCode } from './cline.ts';
import { codex } from './codex.ts';
import { geminiCli } from './gemini-cli.ts';
import { llm } from './llm.ts';
import { beginningOf, toUnreadable, unpack } from './history-files.ts';
import { continueDev } from './continue.ts';
import { crush } from './crush.ts';
import type { HistoryFile, HistoryFormat } from './history.ts';
import { goose } from './goose.ts';
import { librechat } from './librechat.ts';
import { openaiMessages } from './openai-messages.ts';
import { openWebui } from './open-webui.ts';
import { pi } from './pi.ts';
import { opencode } from './opencode.ts';
import { sharegpt } from './sharegpt.ts';

const BEGINNING = 64 << 10;

/** In the order in which they are tried. */
export const historyFormats: readonly HistoryFormat[] = [
  pi,
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
  opencode,
  continueDev,
  chatbotUi,
  atif,
  openaiMessages,
  sharegpt,
  goose,
  crush,
  aichat,
];

/** The format that fits a file, by its beginning. */
export async function detectHistory(file: HistoryFile): Promise<HistoryFormat | undefined> {
  const beginning = (await beginningOf(file, BEGINNING)).toString('utf8');
  for (const format of historyFormats) if (await format.detects(file, beginning)) return format;
  return undefined;
}

/** How many conversations of a tool a file has, without reading them all; 0 for any other file. */
export async function countHistories(file: HistoryFile, tool: string): Promise<number> {
  try {
    for await (const content of unpack(file, () => undefined)) {
      const format = await detectHistory(content);
      if (format?.tool === tool) return (await format.count?.(content)) ?? 1;
    }
  } catch (error) {
    toUnreadable(error);
  }
  return 0;
}
