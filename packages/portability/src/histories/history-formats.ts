import { chatgpt } from './chatgpt.ts';
import { claudeAi } from './claude-ai.ts';
import { claudeCode } from './claude-code.ts';
import { codex } from './codex.ts';
import type { HistoryFormat } from './history.ts';

/** In the order in which they are tried. */
export const historyFormats: readonly HistoryFormat[] = [claudeCode, codex, chatgpt, claudeAi];
