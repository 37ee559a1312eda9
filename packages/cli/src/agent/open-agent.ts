import {
  createApprover,
  parseToolRule,
  parseToolRules,
  SynapseError,
  type Approver,
  type ApproverOptions,
  type Store,
  type ToolMode,
  type ToolPolicy,
  type TurnTools,
} from '@synapse/core';
import type { App } from '../wiring.ts';
import type { OpenTools } from '../wiring/open-tools.ts';
import type { AgentFlags } from './agent-flags.ts';
import { onlyReading } from './only-reading.ts';
import { UnaskedCalls } from './unasked-calls.ts';

export interface Agent {
  readonly mode: ToolMode;
  /** Undefined where the model is told of no tools. */
  readonly tools: TurnTools | undefined;
  /** Calls that were not run because nobody was there to allow them. */
  readonly unasked: UnaskedCalls;
  /** From the next turn on. */
  switchTo(mode: ToolMode): Promise<void>;
  /** Until the program ends: calls that a rule fits need no approval. */
  allow(rule: string): void;
  close(): Promise<void>;
}

export interface AgentOptions {
  flags: AgentFlags;
  /** Asks the person; null where there is nobody. */
  ask: ApproverOptions['ask'];
  say: (text: string) => void;
}

/** The tools as the settings and the flags have them, and who decides about their calls. */
export async function openAgent(
  app: App,
  store: Pick<Store, 'attachments'>,
  { flags, ask, say }: AgentOptions,
): Promise<Agent> {
  const unasked = new UnaskedCalls();
  const rules = rulesOf(app, flags);
  const maxRounds = flags['max-turns'] ?? app.settings.tools.max_rounds;
  let mode: ToolMode = flags.tools ?? app.settings.tools.mode;
  let opened: (OpenTools & { approver: Approver }) | undefined;

  const open = async () => {
    const { openTools } = await import('../wiring/open-tools.ts');
    const tools = await openTools(app, store.attachments);
    for (const problem of tools.problems) say(problem);
    const { parseShell } = tools;
    const approver = createApprover({
      policy: () => ({ mode, rules, parseShell, workingDirectory: process.cwd() }),
      ask: flags.yolo ? async () => 'once' : ask,
      remember: (lasting) => remember(app, lasting, say),
    });
    return { ...tools, approver: unasked.watch(approver) };
  };
  const switchTo = async (wished: ToolMode) => {
    if (wished !== 'none') opened ??= await open();
    mode = wished;
  };
  await switchTo(mode);
  return {
    get mode() {
      return mode;
    },
    get tools() {
      if (!opened || mode === 'none') return undefined;
      const { sources, approver } = opened;
      // While planning they are all told of, so that the request goes on as it began.
      const told = mode === 'read' ? sources.map(onlyReading) : sources;
      return { sources: told, approver, maxRounds };
    },
    unasked,
    switchTo,
    allow(rule) {
      const denials = rules.findIndex(({ verdict }) => verdict === 'deny');
      rules.splice(denials < 0 ? rules.length : denials, 0, parseToolRule(rule, 'allow'));
    },
    close: async () => opened?.close(),
  };
}

async function remember(
  { places }: App,
  lasting: readonly string[],
  say: (text: string) => void,
): Promise<void> {
  const { rememberRules } = await import('./remember-rules.ts');
  try {
    await rememberRules(places.configFile, lasting);
  } catch (error) {
    // The call itself was allowed; only the next run will ask again.
    if (!(error instanceof SynapseError)) throw error;
    say([error.message, error.hint].filter(Boolean).join(' '));
  }
}

/** Of the rules that fit, the last decides: a flag is stronger than a setting, save one that denies. */
function rulesOf({ settings }: App, flags: AgentFlags): ToolPolicy['rules'][number][] {
  const { allow, ask, deny } = settings.tools;
  return [
    ...parseToolRules({ allow, ask }),
    ...(flags.allow ?? []).map((text) => parseToolRule(text, 'allow')),
    ...parseToolRules({ deny }),
  ];
}
