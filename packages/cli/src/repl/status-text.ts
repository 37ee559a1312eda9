import { toUsd } from '@synapse/core';
import { toDollars, toShortNumber } from '../render/numbers.ts';
import { toSafeText } from '../render/safe-text.ts';
import { contextOf } from './context-meter.ts';
import { describeSession } from './describe-session.ts';
import type { Repl } from './repl.ts';

/** The row below the input: who answers, how full the context is, the cost, the session. */
export async function statusText({ app, conversation, attached }: Repl): Promise<string> {
  const { session, model, wish, isReadOnly } = conversation;
  const { tokens, limit } = await contextOf(conversation, app.settings.prices);
  const share = limit === null ? '' : ` ${Math.min(100, Math.round((tokens / limit) * 100))}%`;
  const cost = session && session.unpricedCount > 0 && session.costNanoUsd === 0 ? null : session;
  const name = session ? (session.handle ?? describeSession(session)) : (wish.handle ?? 'new');
  return toSafeText(
    [
      model.setup.model,
      ...(tokens > 0 ? [`${toShortNumber(tokens)}${share}`] : []),
      ...(session ? [toDollars(cost && toUsd(cost.costNanoUsd))] : []),
      ...(attached.length > 0 ? [`+${attached.length} attached`] : []),
      ...(isReadOnly ? ['read only'] : []),
      name,
    ].join(' · '),
  );
}
