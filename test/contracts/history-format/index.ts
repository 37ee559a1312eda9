import { aichat } from './aichat.ts';
import { atif } from './atif.ts';
import { chatbotUi } from './chatbot-ui.ts';
import { chatgpt } from './chatgpt.ts';
import { claudeAi } from './claude-ai.ts';
import { claudeCode } from './claude-code.ts';
import { cline, clineSession, kiloCode, rooCode } from './cline.ts';
import { codex } from './codex.ts';
import { continueDev } from './continue.ts';
import { crush } from './crush.ts';
import { geminiCli, geminiCliDocument } from './gemini-cli.ts';
import { goose } from './goose.ts';
import { librechat } from './librechat.ts';
import { llm } from './llm.ts';
import { openWebui } from './open-webui.ts';
import { opencode, opencodeExport } from './opencode.ts';
import { openai } from './openai.ts';
import { pi } from './pi.ts';
import { sharegpt } from './sharegpt.ts';
import type { HistoryWriter } from './written-history.ts';

/** One for each way in which a tool writes its histories. */
export const writers: readonly HistoryWriter[] = [
  claudeCode,
  codex,
  chatgpt,
  claudeAi,
  openWebui,
  librechat,
  chatbotUi,
  atif,
  openai,
  sharegpt,
  llm,
  opencode,
  opencodeExport,
  goose,
  crush,
  geminiCli,
  geminiCliDocument,
  cline,
  clineSession,
  rooCode,
  kiloCode,
  continueDev,
  pi,
  aichat,
];
