import type { AgentChoice } from '@synapse/app/agent/open-agent';
import { chooseModel } from '@synapse/app/conversation/choose-model';
import type { App } from '@synapse/app/wiring';
import type { Store } from '@synapse/core';
import { findTarget } from '@synapse/core/conversation';
import { openModelOrSetUp } from '../first-run/open-model-or-set-up.ts';
import { readSystemFile } from '../one-shot/read-material.ts';
import {
  referenceOf,
  warnOfOtherInstructions,
  type SessionFlags,
} from '../one-shot/session-reference.ts';
import { askLine } from '../output/ask-line.ts';
import { isUnusable, warnOfNoStorage } from '../output/report-error.ts';
import {
  beginWithProfile,
  hasProfile,
  withSampling,
  type ProfileFlags,
} from '../profiles/begin-with-profile.ts';
import { runRepl } from './run-repl.ts';

export interface ChatFlags extends AgentChoice, SessionFlags, ProfileFlags {
  system?: string | undefined;
  'system-file'?: string | undefined;
  ephemeral: boolean;
  plain: boolean;
  raw: boolean;
  quiet: boolean;
}

/** Runs a chat line by line, and sets the exit code. */
export async function startChat(
  app: App,
  flags: ChatFlags,
  firstPrompt: string,
  notify: (text: string) => void,
): Promise<void> {
  const reference = referenceOf(flags, app.environment);
  const { store, isEphemeral } = await openStore(app, flags.ephemeral, reference !== null);
  try {
    const own = flags.system ?? (await readSystemFile(flags['system-file']));
    const systemPrompt = own ?? app.settings.system_prompt;
    const found = await findTarget(store.sessions, {
      ...{ reference, here: app.here, systemPrompt },
      mustExist: flags.fork || flags['take-over'],
    });
    warnOfOtherInstructions(found, own, notify);
    const { target, agent, choice } = hasProfile(app, found, flags)
      ? await beginWithProfile(app, found, flags, own, notify)
      : { target: found, agent: null, choice: null };
    const usual = choice ?? chooseModel(flags, target, app.settings);
    const model = await openModelOrSetUp(app, usual, { ...flags, output: 'text', json: false });
    process.exitCode = await runRepl(app, store, {
      ...{ target, firstPrompt, isEphemeral, agentFlags: flags },
      ...{ isForked: flags.fork, isTakenOver: flags['take-over'] },
      ...{ model: withSampling(model, agent), limits: agent, profileFlags: flags },
      isPlain: flags.plain,
      isRaw: flags.raw || !app.settings.output.markdown,
    });
  } finally {
    await store.close();
  }
}

interface ChatStore {
  store: Store;
  /** Nothing of the conversation is kept. */
  isEphemeral: boolean;
}

/**
 * The store of a conversation. Where it can't be used, a user is asked whether to chat without one. A
 * script is not asked, and neither is a person who continues a session that is stored there.
 */
async function openStore(
  app: Pick<App, 'openStore' | 'openMemoryStore'>,
  isEphemeral: boolean,
  isNeeded: boolean,
): Promise<ChatStore> {
  if (isEphemeral) return { store: await app.openMemoryStore(), isEphemeral };
  try {
    return { store: await app.openStore(), isEphemeral };
  } catch (error) {
    const { stdin, stdout, stderr } = process;
    const isOnTerminal = stdin.isTTY && stdout.isTTY && stderr.isTTY;
    if (!isUnusable(error) || isNeeded || !isOnTerminal) throw error;
    warnOfNoStorage(error);
    const answer = await askLine('Continue without storing anything? [y/N] ');
    if (!/^y(es)?$/i.test(answer)) throw error;
    return { store: await app.openMemoryStore(), isEphemeral: true };
  }
}
