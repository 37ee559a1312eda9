import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { newId, type Session } from '@synapse/core';
import { agentFlags } from '../agent/agent-flags.ts';
import type { AgentChoice } from '@synapse/app/agent/open-agent';
import { openOneShotAgent } from '../agent/one-shot-agent.ts';
import { BaseCommand } from '../base-command.ts';
import { exitCodeOf, NOT_SAVED } from '../exit-codes.ts';
import { startCleanupBeside } from '@synapse/app/cleanup/start-cleanup-beside';
import { openModelAtLast } from '../first-run/open-model-at-last.ts';
import { askAboutHeld } from '../one-shot/ask-about-held.ts';
import { askFlags } from '../one-shot/ask-flags.ts';
import { chooseModel } from '@synapse/app/conversation/choose-model';
import {
  refuseSingleAnswerFlags,
  type SingleAnswerFlags,
} from '../one-shot/single-answer-flags.ts';
import {
  findOrWish,
  referenceOf,
  remarkOtherInstructions,
} from '@synapse/app/conversation/find-or-wish';
import { judgeFinish } from '../one-shot/judge-finish.ts';
import { isForPrograms, openOutput, type OutputFlags } from '../one-shot/open-output.ts';
import { readMaterial, readSystemFile, toMessageParts } from '../one-shot/read-material.ts';
import { runOneShot } from '@synapse/app/conversation/run-one-shot';
import { withStorage } from '../one-shot/with-storage.ts';
import { listenForInterrupts } from '../output/interrupts.ts';
import { noteSession } from '../output/report-error.ts';
import type { App } from '@synapse/app/wiring';

export default class Ask extends BaseCommand {
  static override summary = 'ask a model, and remember what was said';
  static override usage = '[flags] <prompt …>, or synapse alone to talk';
  static override examples = [
    'synapse "What is a monad?"',
    'git diff | synapse write a commit message',
    'synapse -s my-project "Where were we?"',
    'synapse -c "And in Haskell?"',
    'synapse -f photo.jpg -f notes.md "What do these say of each other?"',
    'synapse -x "A shell script that counts words" > count.sh',
    'synapse --provider demo "Hello"',
    'synapse --repl --continue',
  ];
  static override strict = false;
  static override args = {
    prompt: Args.string({
      description: 'what to say; - stands for what is piped in',
    }),
  };
  static override flags = {
    provider: Flags.string({ char: 'p', description: 'the provider to ask' }),
    model: Flags.string({ char: 'm', description: 'the model to ask' }),
    session: Flags.string({
      char: 's',
      helpValue: '<session>',
      description: 'go on with this session; a name that is new creates one',
      exclusive: ['continue', 'new'],
    }),
    continue: Flags.boolean({
      char: 'c',
      description: 'go on with the last session',
      exclusive: ['new'],
    }),
    new: Flags.boolean({ description: 'begin a session, whatever SYNAPSE_SESSION says' }),
    ephemeral: Flags.boolean({
      description: 'do not store this session',
      exclusive: ['session', 'continue', 'fork', 'take-over'],
    }),
    system: Flags.string({
      helpValue: '<text>',
      description: 'instructions for the model, in a new session',
    }),
    output: Flags.option({ options: ['text', 'json', 'ndjson'] as const })({
      char: 'o',
      default: 'text',
      description: 'the form of what is printed',
    }),
    json: Flags.boolean({ description: 'the same as --output json' }),
    raw: Flags.boolean({ description: 'show Markdown as it was written' }),
    repl: Flags.boolean({
      char: 'r',
      description: 'talk line by line, as synapse alone does on a terminal',
    }),
    plain: Flags.boolean({
      description: 'no spinner and no live redraw, for screen readers and slow lines',
    }),
    quiet: Flags.boolean({
      char: 'q',
      description: 'print only errors to stderr',
      exclusive: ['verbose'],
    }),
    ...askFlags,
    ...agentFlags,
  };

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Ask);
    const app = await this.openApp(flags, {
      'limits.max_cost_run': flags['max-cost'],
      'limits.timeout': flags.timeout,
    });
    const say = (text: string) => {
      if (!flags.quiet) process.stderr.write(`synapse: ${text}\n`);
    };
    for (const warning of app.warnings) say(warning);
    const words = argv as string[];
    const isAlone = words.length === 0 && process.stdin.isTTY && process.stdout.isTTY;
    if (flags.repl || isAlone) return this.#talk(app, flags, words.join(' '), say);
    const material = await readMaterial(flags, words, say);
    const reference = referenceOf(flags, app.environment);
    const output = await openOutput(flags, app, say);
    const isThrownAway = flags.ephemeral || (flags['dry-run'] && reference === null);
    const interrupts = listenForInterrupts();
    const wish = { isThrownAway, isNeeded: reference !== null };
    try {
      await withStorage(app, wish, async ({ store, lost, begun }) => {
        const systemPrompt = material.systemPrompt ?? app.settings.system_prompt;
        const session = await findOrWish(store, flags, reference, {
          systemPrompt,
          here: app.here,
        });
        if ('id' in session) noteSession(session.id);
        remarkOtherInstructions(session, material.systemPrompt, say);
        const choice = chooseModel(flags, session, app.settings);
        const agent = await openOneShotAgent(app, store, flags);
        const { tools } = agent;
        try {
          if (flags['dry-run']) {
            const { showDryRun } = await import('../one-shot/show-dry-run.ts');
            const isJson = isForPrograms(flags);
            await showDryRun(app, store, { material, session, choice, tools, isJson });
            return;
          }
          const model = await openModelAtLast(app, choice, flags);
          const chooseAgain = (current: Session) => {
            if ('isNew' in session) remarkOtherInstructions(current, material.systemPrompt, say);
            return openModelAtLast(app, chooseModel(flags, current, app.settings), flags);
          };
          const answer = await runOneShot(app, store, {
            parts: await toMessageParts(material, store.attachments),
            titleText: material.prompt.typed || material.prompt.text,
            session,
            isForked: flags.fork,
            isTakenOver: flags['take-over'],
            isEphemeral: flags.ephemeral || lost !== null,
            model,
            chooseAgain,
            tools,
            schema: material.schema,
            output,
            say,
            askAboutHeld,
            onSession: noteSession,
            signal: interrupts.signal,
            onBegin: begun,
            startBeside: () =>
              startCleanupBeside({
                ...app,
                retention: store.retention,
                say: flags.quiet ? undefined : say,
                remark: process.stderr.isTTY ? say : undefined,
              }),
          });
          const verdict = judgeFinish(answer.message, model.setup.maxOutputTokens);
          if (verdict.note !== null) say(verdict.note);
          if (verdict.exitCode !== 0) process.exitCode = verdict.exitCode;
          if (!answer.isSaved && !flags.ephemeral) {
            process.exitCode = lost ? exitCodeOf(lost.code) : NOT_SAVED;
          }
        } finally {
          await agent.close();
        }
        agent.reportUnasked();
      });
    } finally {
      interrupts.stop();
    }
  }

  async #talk(app: App, flags: TalkFlags, firstPrompt: string, say: Say): Promise<void> {
    refuseSingleAnswerFlags(flags);
    const { runRepl } = await import('../repl/run-repl.ts');
    const { openToTalk } = await import('../repl/open-to-talk.ts');
    const reference = referenceOf(flags, app.environment);
    const { store, isEphemeral } = await openToTalk(app, flags.ephemeral, reference !== null);
    try {
      const own = flags.system ?? (await readSystemFile(flags['system-file']));
      const systemPrompt = own ?? app.settings.system_prompt;
      const session = await findOrWish(store, flags, reference, {
        systemPrompt,
        here: app.here,
      });
      remarkOtherInstructions(session, own, say);
      const choice = chooseModel(flags, session, app.settings);
      const model = await openModelAtLast(app, choice, flags);
      const isCopied = flags.fork && 'id' in session;
      const fork = { id: newId(), createdAt: app.clock.now() };
      process.exitCode = await runRepl(app, store, {
        session: isCopied ? await store.sessions.fork(session.id, fork) : session,
        isTakenOver: flags['take-over'],
        model,
        firstPrompt,
        isPlain: flags.plain,
        isRaw: flags.raw || !app.settings.output.markdown,
        isEphemeral,
        agentFlags: flags,
      });
    } finally {
      await store.close();
    }
  }
}

type Say = (text: string) => void;

interface TalkFlags extends AgentChoice, OutputFlags, SingleAnswerFlags {
  provider?: string | undefined;
  model?: string | undefined;
  session?: string | undefined;
  system?: string | undefined;
  'system-file'?: string | undefined;
  continue: boolean;
  new: boolean;
  ephemeral: boolean;
  plain: boolean;
  raw: boolean;
  fork: boolean;
  'take-over': boolean;
}
