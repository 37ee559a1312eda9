import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import type { Settings } from '@synapse/config';
import {
  findSession,
  parseHandle,
  resolveSession,
  type ProviderChoice,
  type Session,
  type Store,
} from '@synapse/core';
import { BaseCommand } from '../base-command.ts';
import type { App } from '../wiring.ts';
import { listenForInterrupts } from '../output/interrupts.ts';
import {
  createJsonOutput,
  createNdjsonOutput,
  type OneShotOutput,
} from '../one-shot/one-shot-output.ts';
import { readPrompt } from '../one-shot/read-prompt.ts';
import { runOneShot, type NewSessionWish } from '../one-shot/run-one-shot.ts';
import { createTextOutput } from '../one-shot/text-output.ts';

export default class Ask extends BaseCommand {
  static override summary = 'ask a model, and remember what was said';
  static override usage = 'synapse [flags] <prompt …>, or synapse alone to talk';
  static override examples = [
    'synapse "What is a monad?"',
    'git diff | synapse write a commit message',
    'synapse -s my-project "Where were we?"',
    'synapse -c "And in Haskell?"',
    'synapse --provider demo "Hello"',
    'synapse --repl --continue',
  ];
  static override strict = false;
  static override args = {
    prompt: Args.string({
      description: 'what to say; - stands for what is piped in',
      ignoreStdin: true,
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
    ephemeral: Flags.boolean({ description: 'keep nothing of it' }),
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
    plain: Flags.boolean({ description: 'let nothing move on the screen while you talk' }),
    quiet: Flags.boolean({ char: 'q', description: 'nothing on stderr but errors' }),
  };

  override async run(): Promise<void> {
    const { flags, argv } = await this.parse(Ask);
    const app = await this.openApp(flags);
    const say = (text: string) => {
      if (!flags.quiet) process.stderr.write(`synapse: ${text}\n`);
    };
    for (const warning of app.warnings) say(warning);
    const words = argv as string[];
    const isAlone = words.length === 0 && process.stdin.isTTY && process.stdout.isTTY;
    if (flags.repl || isAlone) return this.#talk(app, flags, words.join(' '));
    const prompt = await readPrompt({ words, stdin: process.stdin, notice: say });
    const interrupts = listenForInterrupts();
    const store = await (flags.ephemeral ? app.openMemoryStore() : app.openStore());
    try {
      const reference = this.#referenceOf(flags, app.environment);
      const session = await findOrWish(
        store,
        reference,
        flags.system ?? app.settings.system_prompt,
      );
      const model = await app.openModel(choiceOf(flags, session, app.settings));
      await runOneShot(app, store, {
        parts: [{ type: 'text', text: prompt }],
        session,
        ...model,
        output: await this.#outputOf(flags, app),
        signal: interrupts.signal,
      });
    } finally {
      interrupts.stop();
      await store.close();
    }
  }

  async #talk(app: App, flags: TalkFlags, firstPrompt: string): Promise<void> {
    const { runRepl } = await import('../repl/run-repl.ts');
    const store = await (flags.ephemeral ? app.openMemoryStore() : app.openStore());
    try {
      const systemPrompt = flags.system ?? app.settings.system_prompt;
      const reference = this.#referenceOf(flags, app.environment);
      const session = await findOrWish(store, reference, systemPrompt);
      const model = await app.openModel(choiceOf(flags, session, app.settings));
      process.exitCode = await runRepl(app, store, {
        session,
        model,
        firstPrompt,
        isPlain: flags.plain,
        isRaw: flags.raw || !app.settings.output.markdown,
        isEphemeral: flags.ephemeral,
      });
    } finally {
      await store.close();
    }
  }

  #referenceOf(
    flags: { session?: string | undefined; continue: boolean; new: boolean },
    environment: NodeJS.ProcessEnv,
  ): string | null {
    if (flags.new) return null;
    if (flags.session !== undefined) return flags.session;
    if (flags.continue) return environment.SYNAPSE_SESSION ?? 'last';
    return environment.SYNAPSE_SESSION ?? null;
  }

  async #outputOf(
    flags: { output: string; json: boolean; quiet: boolean; raw: boolean },
    { settings: { output }, environment }: App,
  ): Promise<OneShotOutput> {
    const { stdout, stderr } = process;
    if (flags.json || flags.output === 'json') return createJsonOutput({ stdout, stderr });
    if (flags.output === 'ndjson') return createNdjsonOutput({ stdout, stderr });
    return createTextOutput({
      stdout,
      stderr,
      isQuiet: flags.quiet,
      isRaw: flags.raw || !output.markdown,
      showsReasoning: output.reasoning,
      color: output.color,
      environment,
    });
  }
}

interface TalkFlags {
  provider?: string | undefined;
  model?: string | undefined;
  session?: string | undefined;
  system?: string | undefined;
  continue: boolean;
  new: boolean;
  ephemeral: boolean;
  plain: boolean;
  raw: boolean;
}

async function findOrWish(
  { sessions }: Store,
  reference: string | null,
  systemPrompt: string | null,
): Promise<Session | NewSessionWish> {
  if (reference === null) return { isNew: true, handle: null, systemPrompt };
  if (reference === 'last') return resolveSession(sessions, reference);
  const found = await findSession(sessions, reference);
  return found ?? { isNew: true, handle: parseHandle(reference), systemPrompt };
}

/** What a flag says is meant; then what the session was, then the settings. */
function choiceOf(
  flags: { provider?: string | undefined; model?: string | undefined },
  session: Session | NewSessionWish,
  settings: Settings,
): ProviderChoice {
  const usual =
    'isNew' in session || session.provider === null
      ? { provider: settings.provider, model: settings.model }
      : { provider: session.provider, model: session.model };
  const { provider = null, model = null } = flags;
  if (provider === null && model === null) return usual;
  if (model === null) return { provider, model: provider === usual.provider ? usual.model : null };
  return { provider, model, usualProvider: usual.provider };
}
