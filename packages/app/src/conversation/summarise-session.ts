import type { NewMessage, Store, Usage } from '@synapse/core';
import {
  answerTokensOf,
  budgetOf,
  compactSession,
  type CompactReport,
  type SessionContext,
} from '@synapse/core/conversation';
import { toDollars, toShortNumber } from '@synapse/core/words';
import { limitsFor } from '../models/limits-for.ts';
import type { App } from '../wiring.ts';
import { openUtilityModel } from './open-utility-model.ts';
import type { TurnSetup } from './ask-turn.ts';

export interface SummariseOptions {
  isForced?: boolean;
  signal: AbortSignal;
}

/**
 * Summarises older turns for later requests if the context has grown near its budget. Rejects if a
 * cost limit is reached or storing fails; a given answer is kept anyway.
 */
export async function summariseSession(
  app: Pick<App, 'settings' | 'clock' | 'logger' | 'places' | 'openModel'>,
  { sessions }: Pick<Store, 'sessions'>,
  { session, lease, model, context, limit }: TurnSetup,
  { isForced, signal }: SummariseOptions,
): Promise<CompactReport> {
  const { settings, clock } = app;
  let spentNanoUsd = 0;
  const compacting = compactSession({
    ...{ sessions, sessionId: session.id, lease, clock, context, signal, isForced },
    openSummarizer: async () => {
      const aside = await openUtilityModel(app, settings.context.summary_model, model);
      const all = { ...context.options.settings, strategy: 'auto' as const };
      const room = budgetOf(all, limitsFor(app, aside.setup));
      return { ...aside, maxInputTokens: room.tokens };
    },
    checkBudget: (nanoUsd) => {
      spentNanoUsd = nanoUsd;
      limit.checkSpent({ costNanoUsd: nanoUsd });
    },
  });
  try {
    const report = await compacting;
    spentNanoUsd = report.costNanoUsd;
    return report;
  } finally {
    limit.settle(spentNanoUsd);
  }
}

/** Whether an answer leaves so much room that the exact size need not be counted. */
export function isFarFromFull(
  context: SessionContext,
  answer: Pick<NewMessage, 'usage' | 'parts'>,
): boolean {
  const { settings, limits } = context.options;
  if (settings.strategy !== 'auto') return true;
  const { tokens } = budgetOf(settings, limits);
  if (tokens === null) return true;
  const { usage } = answer;
  if (usage === null) return false;
  return usage.inputTokens + answerTokensOf(answer) < tokens * settings.summarizeAt;
}

/** How full the context is after a request, in per cent; null if the provider or the model gives no figures. */
export function fillOf(
  { options: { settings, limits } }: SessionContext,
  usage: Usage | null,
): number | null {
  const { tokens } = budgetOf(settings, limits);
  if (tokens === null || usage === null) return null;
  return Math.round(((usage.inputTokens + usage.outputTokens) / tokens) * 100);
}

/** The notice about a summary; undefined if none is needed. */
export function describeSummary(report: CompactReport): string | undefined {
  const { outcome, tokensBefore, tokensAfter, costNanoUsd, reason } = report;
  const cost = costNanoUsd > 0 ? `, ${toDollars(costNanoUsd / 1e9)}` : '';
  switch (outcome) {
    case 'summarised':
      return `older turns are now sent as a summary: about ${toShortNumber(tokensBefore)} → ${toShortNumber(tokensAfter)} tokens${cost}; the full session stays stored`;
    case 'failed':
      return `no summary was made (${reason ?? 'for an unknown reason'}${cost}); the full session stays stored, and the oldest turns are left out of requests once they do not fit`;
    case 'not-needed':
      return undefined;
  }
}
