import type { AgentChoice } from '@synapse/app/agent/open-agent';
import { startBackgroundCleanup } from '@synapse/app/cleanup/start-background-cleanup';
import type { OneShotOutput } from '@synapse/app/conversation/answer';
import { chooseModel } from '@synapse/app/conversation/choose-model';
import { Conversation } from '@synapse/app/conversation/conversation';
import { runOneShot } from '@synapse/app/conversation/run-one-shot';
import type { App } from '@synapse/app/wiring';
import type { StorageError } from '@synapse/core';
import { type Session, type Store } from '@synapse/core';
import { type TurnTools, findTarget, type Target } from '@synapse/core/conversation';
import { openOneShotAgent } from '../agent/one-shot-agent.ts';
import { exitCodeOf, NOT_SAVED } from '../exit-codes.ts';
import { openModelOrSetUp } from '../first-run/open-model-or-set-up.ts';
import { askAboutHeld } from '../output/ask-about-held.ts';
import { askLine } from '../output/ask-line.ts';
import { listenForInterrupts } from '../output/interrupts.ts';
import { noteSession, isUnusable, warnOfNoStorage } from '../output/report-error.ts';
import {
  beginWithProfile,
  hasProfile,
  withSampling,
  type Beginning,
  type ProfileFlags,
} from '../profiles/begin-with-profile.ts';
import type { ChosenCommand } from '../profiles/use-command.ts';
import { exitForFinish } from './exit-for-finish.ts';
import { isForPrograms, openOutput, type OutputFlags } from './open-output.ts';
import {
  readMaterial,
  toMessageParts,
  type Material,
  type MaterialFlags,
} from './read-material.ts';
import { referenceOf, warnOfOtherInstructions, type SessionFlags } from './session-reference.ts';

export interface OneShotFlags
  extends AgentChoice, OutputFlags, MaterialFlags, SessionFlags, ProfileFlags {
  command?: string | undefined;
  input?: string[] | undefined;
  ephemeral: boolean;
  'dry-run': boolean;
}

interface Shot {
  app: App;
  flags: OneShotFlags;
  material: Material;
  reference: string | null;
  output: OneShotOutput;
  signal: AbortSignal;
  notify: (text: string) => void;
}

/** A single question: reads it, asks it in its session, shows the answer and sets the exit code. */
export async function askOnce(
  app: App,
  flags: OneShotFlags,
  words: readonly string[],
  notify: (text: string) => void,
): Promise<void> {
  const material = await readMaterial(flags, words, notify);
  const reference = referenceOf(flags, app.environment);
  const output = await openOutput(flags, app, notify);
  const isEphemeral = flags.ephemeral || (flags['dry-run'] && reference === null);
  const storage = { isEphemeral, isNeeded: reference !== null };
  const interrupts = listenForInterrupts();
  const shot = { app, flags, material, reference, output, notify, signal: interrupts.signal };
  try {
    await withStorage(app, storage, (attempt) => askInStore(shot, attempt));
  } finally {
    interrupts.stop();
  }
}

async function askInStore(shot: Shot, attempt: StorageAttempt): Promise<void> {
  const { app, flags, material, notify } = shot;
  const { store } = attempt;
  const systemPrompt = material.systemPrompt ?? app.settings.system_prompt;
  const target = await findTarget(store.sessions, {
    ...{ reference: shot.reference, here: app.here, systemPrompt },
    mustExist: flags.fork || flags['take-over'],
  });
  if ('id' in target) noteSession(target.id);
  warnOfOtherInstructions(target, material.systemPrompt, notify);
  const command = await findCommand(shot, target);
  const chosen = { ...flags, agent: command?.agent ?? flags.agent };
  const begun = hasProfile(app, target, chosen)
    ? await beginWithProfile(app, target, chosen, material.systemPrompt, notify)
    : { target, agent: null, choice: null };
  const beginning = { ...begun, choice: command?.choice ?? begun.choice };
  const agent = await openOneShotAgent(app, store, flags, beginning.agent);
  try {
    const { tools } = agent;
    const expanded = command ? await expand(shot, command, tools) : material;
    const asked = { ...shot, material: expanded };
    if (flags['dry-run']) await dryRun(asked, attempt, beginning, tools);
    else await answer(asked, attempt, beginning, tools);
  } finally {
    await agent.close();
  }
  if (!flags['dry-run']) agent.reportUnapproved();
}

async function findCommand(
  { app, flags, notify }: Shot,
  target: Target,
): Promise<ChosenCommand | undefined> {
  if (flags.command === undefined) return undefined;
  const { findCommandOf } = await import('../profiles/use-command.ts');
  return findCommandOf(app, flags.command, flags, target, notify);
}

async function expand(
  { flags, material, signal }: Shot,
  { template }: ChosenCommand,
  tools: TurnTools | undefined,
): Promise<Material> {
  const { expandMaterial } = await import('../profiles/use-command.ts');
  return expandMaterial(template, material, flags.input ?? [], tools, signal);
}

async function dryRun(
  { app, flags, material }: Shot,
  { store }: StorageAttempt,
  { target, choice: preferred }: Omit<Beginning, 'profile'>,
  tools: TurnTools | undefined,
): Promise<void> {
  const { showDryRun } = await import('./show-dry-run.ts');
  const choice = preferred ?? chooseModel(flags, target, app.settings);
  await showDryRun(app, store, { material, target, choice, tools, isJson: isForPrograms(flags) });
}

async function answer(
  { app, flags, material, output, notify, signal }: Shot,
  { store, lost, begun }: StorageAttempt,
  { target, agent: limits, choice }: Omit<Beginning, 'profile'>,
  tools: TurnTools | undefined,
): Promise<void> {
  const usual = choice ?? chooseModel(flags, target, app.settings);
  const model = withSampling(await openModelOrSetUp(app, usual, flags), limits);
  const agent = { tools, endSession: () => undefined };
  const conversation = new Conversation(app, { store, model, agent });
  const { message, isSaved } = await runOneShot(app, store, conversation, {
    ...{ target, output, notify, signal, schema: material.schema },
    parts: await toMessageParts(material, store.attachments),
    titleText: material.prompt.typed || material.prompt.text,
    ...{ isForked: flags.fork, isTakenOver: flags['take-over'] },
    isEphemeral: flags.ephemeral || lost !== null,
    chooseAgain: async (session: Session) => {
      if (!('id' in target)) warnOfOtherInstructions(session, material.systemPrompt, notify);
      const chosen = await openModelOrSetUp(app, chooseModel(flags, session, app.settings), flags);
      return withSampling(chosen, limits);
    },
    onHeld: askAboutHeld(target, ['wait', 'fork', 'take-over'], (question) =>
      askLine(question, signal),
    ),
    onSession: noteSession,
    onBegin: begun,
    startBeside: () =>
      startBackgroundCleanup({
        ...app,
        retention: store.retention,
        notify: flags.quiet ? undefined : notify,
        explain: process.stderr.isTTY ? notify : undefined,
      }),
  });
  const verdict = exitForFinish(message, conversation.model.setup.maxOutputTokens);
  if (verdict.note !== null) notify(verdict.note);
  if (verdict.exitCode !== 0) process.exitCode = verdict.exitCode;
  if (!isSaved && !flags.ephemeral) process.exitCode = lost ? exitCodeOf(lost.code) : NOT_SAVED;
}

interface StorageOptions {
  /** Nothing is stored. */
  isEphemeral: boolean;
  /** The question continues a stored session: without the store it cannot be asked. */
  isNeeded: boolean;
}

interface StorageAttempt {
  store: Store;
  /** Why nothing is stored; null if it is stored, or was not to be. */
  lost: StorageError | null;
  /** Called when the question is stored: from then on nothing may be repeated. */
  begun: () => void;
}

/**
 * Works with the configured store, or with one in memory where that can't be used: storage that fails
 * before the question is stored does not cost the answer.
 */
async function withStorage<T>(
  app: Pick<App, 'openStore' | 'openMemoryStore'>,
  { isEphemeral, isNeeded }: StorageOptions,
  work: (attempt: StorageAttempt) => Promise<T>,
): Promise<T> {
  const progress = { hasBegun: false };
  const attempt = async (store: Store, lost: StorageError | null): Promise<T> => {
    try {
      return await work({ store, lost, begun: () => (progress.hasBegun = true) });
    } finally {
      await store.close();
    }
  };
  if (isEphemeral) return attempt(await app.openMemoryStore(), null);
  try {
    return await attempt(await app.openStore(), null);
  } catch (error) {
    if (progress.hasBegun || isNeeded || !isUnusable(error)) throw error;
    warnOfNoStorage(error);
    return attempt(await app.openMemoryStore(), error);
  }
}
