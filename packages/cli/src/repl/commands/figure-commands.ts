import { toUsd, type Session } from '@synapse/core';
import { reportContext } from '@synapse/core/conversation';
import { countOf, toDollars, toShortNumber } from '@synapse/core/words';
import { toSafeText } from '@synapse/terminal';
import { contextLines } from '../../conversation/context-lines.ts';
import type { ReplCommand } from '../repl-command.ts';
import { figuresLine } from '../show-messages.ts';

const cost: ReplCommand = {
  name: 'cost',
  summary: 'show what the session has cost',
  async run({ conversation, display }) {
    const { session } = conversation;
    const messages = await conversation.newest(20);
    const last = messages.findLast(({ role }) => role === 'assistant');
    const lines = [
      `session  ${session ? sessionCost(session) : toDollars(0)}`,
      ...(last ? [`last     ${toSafeText(figuresLine(last))}`] : []),
    ];
    display.print(`${lines.join('\n')}\n`);
  },
};

const usage: ReplCommand = {
  name: 'usage',
  aliases: ['status', 'tokens'],
  summary: 'show the tokens of the session and how full the context is',
  async run({ conversation, display }) {
    const { session } = conversation;
    const report = await reportContext(conversation.context);
    const rows = [
      ['messages', toShortNumber(session?.messageCount ?? 0)],
      ['turns', toShortNumber(session?.turnCount ?? 0)],
      ['tokens in', toShortNumber(session?.inputTokens ?? 0)],
      ['tokens out', toShortNumber(session?.outputTokens ?? 0)],
    ];
    const figures = rows.map(([name = '', value = '']) => `${name.padEnd(11)} ${value}`);
    const lines = [...figures, ...contextLines(report, display.style)];
    display.print(`${lines.join('\n')}\n`);
  },
};

/** While a price is unknown, the sum is a lower bound. */
function sessionCost({ costNanoUsd, unpricedCount }: Session): string {
  if (unpricedCount === 0) return toDollars(toUsd(costNanoUsd));
  const unknown = `${countOf(unpricedCount, 'answer')} of unknown price`;
  return costNanoUsd === 0 ? unknown : `${toDollars(toUsd(costNanoUsd))} and ${unknown}`;
}

export const figureCommands = [cost, usage];
