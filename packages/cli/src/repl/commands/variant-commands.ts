import { clipText, textOf, UsageError } from '@synapse/core';
import type { TurnVariant } from '@synapse/core/conversation';
import { toRelativeTime, toTable } from '@synapse/terminal';
import type { Repl } from '../repl.ts';
import type { ReplCommand } from '../repl-command.ts';
import { showMessages } from '../show-messages.ts';

const variants: ReplCommand = {
  name: 'variants',
  argument: '[number]',
  summary: 'list the answers to the last question, or choose one by its number',
  async run(repl, argument) {
    const { conversation, display } = repl;
    const found = await conversation.variants();
    if (found.length === 0) {
      display.notify('there are no messages yet');
      return;
    }
    if (argument === '') {
      showVariants(repl, found);
      return;
    }
    const chosen = /^#?\d+$/.test(argument)
      ? found[Number(argument.replace('#', '')) - 1]
      : undefined;
    if (!chosen) {
      throw new UsageError(`There is no variant "${argument.slice(0, 40)}".`, {
        hint: `/variants lists them: 1 to ${found.length}.`,
      });
    }
    await conversation.chooseVariant(chosen.turn);
    const number = found.indexOf(chosen) + 1;
    display.notify(`variant ${number} of ${found.length} is part of the conversation now`);
    const shown = chosen.question ? [chosen.question] : [];
    if (chosen.last !== chosen.question) shown.push(chosen.last);
    display.print(await showMessages(shown, display));
  },
};

function showVariants({ app, display }: Repl, found: readonly TurnVariant[]): void {
  const now = app.clock.now();
  const table = toTable(
    [
      { title: '', text: ({ active }) => (active ? '*' : '') },
      { title: '#', text: (variant) => String(found.indexOf(variant) + 1), align: 'right' },
      { title: 'Model', text: ({ last }) => last.model ?? '' },
      { title: 'State', text: stateOf },
      { title: 'When', text: ({ last }) => toRelativeTime(last.createdAt, now) },
      { title: 'Question', text: ({ question }) => clip(question), isFlexible: true },
      {
        title: 'Answer',
        text: ({ last, question }) => (last === question ? '' : clip(last)),
        isFlexible: true,
      },
    ],
    found,
    { style: display.style, columns: display.isTerminal ? display.columns : undefined },
  );
  display.print(table);
}

/** A turn that does not end with an answer was cut off there. */
function stateOf({ last }: TurnVariant): string {
  return last.role === 'assistant' ? last.status : 'interrupted';
}

function clip(message: TurnVariant['question']): string {
  return clipText(textOf(message?.parts ?? []), 200);
}

export const variantCommands = [variants];
