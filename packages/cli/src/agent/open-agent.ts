import {
  createApprover,
  parseToolRule,
  parseToolRules,
  SynapseError,
  type ApproverOptions,
  type Store,
  type ToolMode,
  type ToolPolicy,
  type TurnTools,
} from '@synapse/core';
import type { App } from '../wiring.ts';
import type { AgentFlags } from './agent-flags.ts';
import { onlyReading } from './only-reading.ts';
import { UnaskedCalls } from './unasked-calls.ts';

export interface Agent {
  /** Undefined where the model is told of no tools. */
  tools: TurnTools | undefined;
  /** Calls that were not run because nobody was there to allow them. */
  unasked: UnaskedCalls;
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
  const mode = flags.tools ?? app.settings.tools.mode;
  if (mode === 'none') return { tools: undefined, unasked, close: async () => undefined };
  const rules = rulesOf(app, flags);
  const { openTools } = await import('../wiring/open-tools.ts');
  const opened = await openTools(app, store.attachments);
  const { sources, problems, parseShell } = opened;
  for (const problem of problems) say(problem);
  const policy: ToolPolicy = { mode, rules, workingDirectory: process.cwd(), parseShell };
  const approver = createApprover({
    policy: () => policy,
    ask: flags.yolo ? async () => 'once' : ask,
    async remember(lasting) {
      const { rememberRules } = await import('./remember-rules.ts');
      try {
        await rememberRules(app.places.configFile, lasting);
      } catch (error) {
        // The call itself was allowed; only the next run will ask again.
        if (!(error instanceof SynapseError)) throw error;
        say([error.message, error.hint].filter(Boolean).join(' '));
      }
    },
  });
  return {
    tools: {
      sources: sourcesFor(mode, sources),
      approver: unasked.watch(approver),
      maxRounds: flags['max-turns'] ?? app.settings.tools.max_rounds,
    },
    unasked,
    close: () => opened.close(),
  };
}

function sourcesFor(mode: ToolMode, sources: TurnTools['sources']): TurnTools['sources'] {
  return mode === 'all' ? sources : sources.map(onlyReading);
}

/** Of the rules that fit, the last decides: a flag is stronger than a setting, save one that denies. */
function rulesOf({ settings }: App, flags: AgentFlags): ToolPolicy['rules'] {
  const { allow, ask, deny } = settings.tools;
  return [
    ...parseToolRules({ allow, ask }),
    ...(flags.allow ?? []).map((text) => parseToolRule(text, 'allow')),
    ...parseToolRules({ deny }),
  ];
}
