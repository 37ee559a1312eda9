import { aichat } from './formats/aichat.ts';
import { atif } from './formats/atif.ts';
import { chatbotUi } from './formats/chatbot-ui.ts';
import { chatgpt } from './formats/chatgpt.ts';
import { claudeAi } from './formats/claude-ai.ts';
import { claudeCode } from './formats/claude-code.ts';
import { cline, kiloCode, rooCode } from './formats/cline.ts';
import { codex } from './formats/codex.ts';
import { geminiCli } from './formats/gemini-cli.ts';
import { llm } from './formats/llm.ts';
import { beginningOf, toUnreadable, unpack } from './history-files.ts';
import { findOwner } from './companion-files.ts';
import { continueDev } from './formats/continue.ts';
import { crush } from './formats/crush.ts';
import type { HistoryFile, HistoryFormat } from './history.ts';
import { goose } from './formats/goose.ts';
import { librechat } from './formats/librechat.ts';
import { openaiMessages } from './formats/openai-messages.ts';
import { openWebui } from './formats/open-webui.ts';
import { pi } from './formats/pi.ts';
import { opencode } from './formats/opencode.ts';
import { sharegpt } from './formats/sharegpt.ts';

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
      if (await findOwner(content)) continue;
      const format = await detectHistory(content);
      if (format?.tool === tool) return (await format.count?.(content)) ?? 1;
    }
  } catch (error) {
    toUnreadable(error);
  }
  return 0;
}
