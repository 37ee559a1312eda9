import { toUsd } from '@synapse/core';
import { reportContext } from '@synapse/core/conversation';
import { toDollars, toShortNumber } from '@synapse/core/words';
import { toSafeText } from '@synapse/terminal';
import { shareOf } from '../conversation/context-lines.ts';
import { titleOrPreview } from '../sessions/name-of.ts';
import type { Repl } from './repl.ts';

/** The row below the input: the model, the fill of the context, the cost, the session. */
export async function statusText({ agent, conversation, attached }: Repl): Promise<string> {
  const { session, model, start, isHandedOver, isReadOnly } = conversation;
  const report = session && (await reportContext(conversation.context));
  const share = report && shareOf(report);
  const tokens = report?.totalTokens ?? 0;
  const cost = session && session.unpricedCount > 0 && session.costNanoUsd === 0 ? null : session;
  const name = session ? (session.handle ?? titleOrPreview(session)) : (start.handle ?? 'new');
  return toSafeText(
    [
      model.setup.model,
      ...(tokens > 0 ? [`${toShortNumber(tokens)}${share === null ? '' : ` ${share}%`}`] : []),
      ...(session ? [toDollars(cost && toUsd(cost.costNanoUsd))] : []),
      ...(attached.length > 0 ? [`+${attached.length} attached`] : []),
      ...(agent.mode === 'plan' ? ['planning'] : []),
      ...(isHandedOver ? ['continues elsewhere'] : isReadOnly ? ['read only'] : []),
      name,
    ].join(' · '),
  );
}
