import { chooseCommand, expandCommand } from '@synapse/app/profiles/expand-command';
import { openProfiles } from '@synapse/app/wiring/open-profiles';
import { optionsOf } from './begin-session.ts';
import type { Repl } from './repl.ts';

/** Sends the prompt that a template makes of the text; false if there is no template of the name. */
export async function runTemplate(repl: Repl, name: string, text: string): Promise<boolean> {
  const { app, agent } = repl;
  const entries = await (await openProfiles(app)).list('command');
  const isKnown = entries.some(
    ({ name: known, origin }) => known === name || `${origin.client}:${known}` === name,
  );
  if (!isKnown) return false;
  const template = await chooseCommand(app, name, optionsOf(repl));
  const given = { text, inputs: {}, stdin: null };
  const prompt = await repl.stoppable((signal) =>
    expandCommand(template, given, agent.tools, signal),
  );
  await repl.send(prompt);
  return true;
}
