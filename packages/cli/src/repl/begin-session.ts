import type { CollectOptions } from '@synapse/app/profiles/collect-options';
import { readProfile } from '@synapse/app/profiles/start-session';
import { toStart, type SessionProfile } from '@synapse/app/profiles/session-profile';
import type { SessionStart } from '@synapse/core/conversation';
import { withSampling } from '../profiles/begin-with-profile.ts';
import type { Repl } from './repl.ts';

/** The next message starts a session, with the agent and the instructions as their files are now. */
export async function beginSession(
  repl: Repl,
  start: Partial<Pick<SessionStart, 'handle'>> & { agent?: string | undefined },
): Promise<void> {
  const { app, conversation, display, profileFlags } = repl;
  const { agent: name = profileFlags.agent, ...others } = start;
  const usual = app.settings.system_prompt;
  const choice = { ...profileFlags, agent: name };
  const profile = await readProfile(app, choice, { given: null, usual }, optionsOf(repl));
  // Limits that can't be read end it here: nothing begins with the agent and without them.
  await repl.agent.limitTo(profile.agent);
  await conversation.begin({ ...others, ...toStart(profile) });
  await useModel(repl, profile);
  display.notify(
    `your next message starts a new session${profile.agent ? ` with the agent "${profile.agent.name}"` : ''}`,
  );
}

async function useModel(
  { app, conversation, display }: Repl,
  { agent }: SessionProfile,
): Promise<void> {
  if (agent === null) return;
  const { preferredModel } = await import('@synapse/app/profiles/choose-agent');
  const choice = preferredModel(app, agent, (text) => display.notify(text));
  const model = choice ? await app.openModel(choice) : conversation.model;
  await conversation.setModel(withSampling(model, agent));
}

/** How files of a folder are asked about and reported in a chat. */
export function optionsOf(repl: Repl): CollectOptions {
  const { display, profileFlags } = repl;
  return {
    isTrusted: profileFlags.trust,
    ask: display.isTerminal
      ? async (root: string, names: readonly string[]) => {
          display.notify(`${root} brings texts for models: ${names.join(', ')}`);
          return repl.confirm('Trust this folder, and use them from now on? [y/N] ');
        }
      : null,
    notify: (text: string) => display.notify(text),
  };
}
