import { UsageError } from '@synapse/core';
import { pricedModels, providerStatus } from '@synapse/core/models';
import { toSafeText } from '@synapse/terminal';
import type { Candidate } from '@synapse/terminal/editor';
import type { Repl } from '../repl.ts';
import type { ReplCommand } from '../repl-command.ts';

const model: ReplCommand = {
  name: 'model',
  aliases: ['models'],
  argument: '[model]',
  summary: 'show the models, or switch to another one',
  complete: modelCandidates,
  async run(repl, name) {
    const { conversation, app, display } = repl;
    const { setup } = conversation.model;
    if (name === '') {
      const others = modelCandidates(repl).map(({ value }) => `  ${toSafeText(value)}\n`);
      display.print(toSafeText(`${setup.name}/${setup.model} answers.\n`) + others.join(''));
      return;
    }
    const choice = { provider: null, model: name, usualProvider: setup.name };
    await conversation.setModel(await app.openModel(choice));
    notifyOfModel(repl);
  },
};

const provider: ReplCommand = {
  name: 'provider',
  aliases: ['providers'],
  argument: '[provider]',
  summary: 'show the providers, or switch to another one',
  complete: ({ app }) => providerStatus(app.providerSources).map(({ name }) => ({ value: name })),
  async run(repl, name) {
    const { conversation, app, display } = repl;
    if (name === '') {
      const lines = providerStatus(app.providerSources).map((status) => {
        const isReady = status.isLocal || status.keySource !== null || status.dialect === 'demo';
        const mark = status.name === conversation.model.setup.name ? '*' : ' ';
        return `${mark} ${status.name}${isReady ? '' : display.style.dim('  (no key)')}\n`;
      });
      display.print(lines.join(''));
      return;
    }
    await conversation.setModel(await app.openModel({ provider: name, model: null }));
    notifyOfModel(repl);
  },
};

const system: ReplCommand = {
  name: 'system',
  argument: '[text]',
  summary: 'show or change the instructions for the model; "none" removes them',
  async run({ conversation, display }, text) {
    if (text !== '') await conversation.setSystemPrompt(text === 'none' ? null : text);
    const { session, start } = conversation;
    const prompt = (session ?? start).systemPrompt;
    display.notify(prompt === null ? 'no instructions' : `instructions: ${prompt}`);
  },
};

function modelCandidates({ app, conversation }: Repl): Candidate[] {
  const { name } = conversation.model.setup;
  const known = pricedModels()
    .map((known) => ({
      value: known.provider === name ? known.model : `${known.provider}/${known.model}`,
      isUsual: known.provider === name,
    }))
    .sort((a, b) => Number(b.isUsual) - Number(a.isUsual));
  const aliases = Object.entries(app.settings.aliases);
  return [
    ...aliases.map(([value, description]) => ({ value, description })),
    ...known.map(({ value }) => ({ value })),
  ];
}

function notifyOfModel({ conversation, display }: Repl): void {
  const { name, model: answering } = conversation.model.setup;
  if (answering === '') throw new UsageError(`The provider ${name} has no model.`);
  display.notify(`${name}/${answering} is used from now on`);
}

export const modelCommands = [model, provider, system];
