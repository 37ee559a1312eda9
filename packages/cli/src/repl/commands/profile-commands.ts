import { UsageError } from '@synapse/core';
import { toShortNumber } from '@synapse/core/words';
import { toSafeText, toTable } from '@synapse/terminal';
import type { ReplCommand } from '../repl-command.ts';

const agent: ReplCommand = {
  name: 'agent',
  argument: '<name>',
  summary: 'start a new session with an agent',
  async complete({ app }) {
    const { openProfiles } = await import('@synapse/app/wiring/open-profiles');
    const entries = await (await openProfiles(app)).list('agent');
    return entries.map(({ name, description }) => {
      return { value: name, description: description ?? '' };
    });
  },
  async run(repl, name) {
    if (name === '') {
      throw new UsageError('/agent needs the name of an agent.', {
        hint: 'synapse agents list shows all of them.',
      });
    }
    const { beginSession } = await import('../begin-session.ts');
    await beginSession(repl, { agent: name });
  },
};

const instructions: ReplCommand = {
  name: 'instructions',
  summary: 'list the files of instructions that a new session begins with, and their tokens',
  async run(repl) {
    const { app, display, profileFlags } = repl;
    const { hasInstructions, collectInstructions } =
      await import('@synapse/app/profiles/collect-instructions');
    const { estimateTokens } = await import('@synapse/core/models');
    const { optionsOf } = await import('../begin-session.ts');
    const isOff = profileFlags['no-instructions'] || !hasInstructions(app);
    const files = isOff ? [] : await collectInstructions(app, optionsOf(repl));
    if (files.length === 0) {
      display.notify('no instructions');
      return;
    }
    const columns = [
      { title: 'File', text: (file: File) => toSafeText(file.name), isFlexible: true },
      {
        title: 'Tokens',
        text: (file: File) => toShortNumber(estimateTokens(file.text)),
        align: 'right' as const,
      },
    ];
    const { style, isTerminal, columns: width } = display;
    display.print(toTable(columns, files, { style, columns: isTerminal ? width : undefined }));
  },
};

interface File {
  name: string;
  text: string;
}

export const profileCommands = [agent, instructions];
