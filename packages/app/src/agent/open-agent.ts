import {
  ConfigError,
  SynapseError,
  UsageError,
  type Approver,
  type Store,
  type Tool,
  type ToolSource,
} from '@synapse/core';
import {
  createApprover,
  parseToolRules,
  type ApproverOptions,
  type ToolMode,
  type ToolRule,
  type TurnTools,
} from '@synapse/core/conversation';
import type { AgentProfile, ToolLimits } from '@synapse/core/profiles';
import type { App } from '../wiring.ts';
import type { OpenTools } from '../wiring/open-tools.ts';
import { checkNames, orderRules, readTypedRule } from './read-rules.ts';
import { UnapprovedCalls } from './unapproved-calls.ts';

export interface Agent {
  readonly mode: ToolMode;
  /** Undefined if the model may use no tools. */
  readonly tools: TurnTools | undefined;
  /** Calls that were not run because no user could approve them. */
  readonly unapproved: UnapprovedCalls;
  /** Tools that could not be offered to the model, each with its reason. */
  failures(): string[];
  /** Applies from the next turn on. */
  switchTo(mode: ToolMode): Promise<void>;
  /** From the next turn on, tools and approvals are narrowed to these limits; null for none. */
  limitTo(limits: AgentLimits | null): Promise<void>;
  /** Until the program ends, calls that match the rule need no approval. Returns the parsed rule. */
  allow(rule: string): string;
  /** Forgets the approvals for the session, which has ended. */
  endSession(): void;
  close(): Promise<void>;
}

/** The choices of the user for this run; the settings decide the rest. */
export interface AgentChoice {
  tools?: ToolMode | undefined;
  /** Rules such as `shell: git log *`. */
  allow?: string[] | undefined;
  /** Whether all tools may run without asking. */
  yolo: boolean;
  'max-turns'?: number | undefined;
}

/** The limits of an agent profile, which narrow what the user permits. */
export type AgentLimits = ToolLimits & Pick<AgentProfile, 'maxTurns'>;

export interface AgentOptions {
  flags: AgentChoice;
  limits?: AgentLimits | null;
  /** Asks the user; null if there is none. */
  ask: ApproverOptions['ask'];
  notify: (text: string) => void;
  /** Notices that must be shown even in quiet mode. */
  warn: (text: string) => void;
}

/** Opens the tools that settings and flags choose, and the approver of their calls. */
export async function openAgent(
  app: App,
  store: Pick<Store, 'attachments'>,
  { flags, limits = null, ask, notify, warn }: AgentOptions,
): Promise<Agent> {
  const unapproved = new UnapprovedCalls();
  const typed = (flags.allow ?? []).map(readTypedRule);
  const rules = orderRules(app.settings.tools, typed);
  const maxRounds = flags['max-turns'] ?? app.settings.tools.max_rounds;
  let mode: ToolMode = flags.tools ?? app.settings.tools.mode;
  let narrowing = await openNarrowing(limits);
  let opened: (OpenTools & { approver: Approver; endSession: () => void }) | undefined;

  const open = async () => {
    const { openTools } = await import('../wiring/open-tools.ts');
    const tools = await openTools(app, store.attachments);
    for (const problem of tools.problems) notify(problem);
    checkNames(typed, tools.builtinNames, UsageError);
    checkNames(rules, tools.builtinNames, ConfigError);
    const { parseShell } = tools;
    const approver = createApprover({
      policy: () => ({
        ...{ mode, parseShell, workingDirectory: app.here },
        rules: narrowing.rules(rules),
      }),
      ask: flags.yolo ? approveEverything(warn) : ask,
      remember: (lasting) => remember(app, lasting, notify),
    });
    const endSession = () => approver.endSession();
    return { ...tools, approver: unapproved.watch(approver), endSession };
  };
  const switchTo = async (next: ToolMode) => {
    if (next !== 'none') opened ??= await open();
    mode = next;
  };
  await switchTo(mode);
  return {
    get mode() {
      return mode;
    },
    get tools() {
      if (!opened || mode === 'none') return undefined;
      const { sources, approver } = opened;
      // In plan mode all tools are listed, so that requests keep the same beginning.
      const told = mode === 'read' ? sources.map(readOnlySource) : sources;
      return {
        sources: told.map(narrowing.source),
        approver,
        maxRounds: Math.min(maxRounds, narrowing.maxRounds),
      };
    },
    unapproved,
    failures: () => opened?.failures() ?? [],
    switchTo,
    async limitTo(next) {
      narrowing = await openNarrowing(next);
    },
    allow(rule) {
      const allowed = readTypedRule(rule);
      if (opened) checkNames([allowed], opened.builtinNames, UsageError);
      const denials = rules.findIndex(({ verdict }) => verdict === 'deny');
      rules.splice(denials < 0 ? rules.length : denials, 0, allowed);
      return allowed.text;
    },
    endSession: () => opened?.endSession(),
    close: async () => opened?.close(),
  };
}

interface Narrowing {
  source: (source: ToolSource) => ToolSource;
  rules: (rules: readonly ToolRule[]) => readonly ToolRule[];
  maxRounds: number;
}

async function openNarrowing(limits: AgentLimits | null): Promise<Narrowing> {
  if (limits === null) {
    return { source: (source) => source, rules: (rules) => rules, maxRounds: Infinity };
  }
  const { narrowTools } = await import('@synapse/core/profiles');
  const asking = parseToolRules({ ask: limits.ask });
  const denying = parseToolRules({ deny: limits.deny });
  return {
    source: (source) => narrowTools(source, limits),
    rules: (rules) => {
      // The last rule that matches decides: a question never outweighs a denial of the user.
      const isDenial = ({ verdict }: ToolRule) => verdict === 'deny';
      const others = rules.filter((rule) => !isDenial(rule));
      return [...others, ...asking, ...rules.filter(isDenial), ...denying];
    },
    maxRounds: limits.maxTurns ?? Infinity,
  };
}

/** All tools may run; a missing safeguard is reported once. */
function approveEverything(warn: (text: string) => void): ApproverOptions['ask'] {
  const told = new Set<string>();
  return async ({ isInsisted, reason }) => {
    if (isInsisted && !told.has(reason)) warn(`--yolo: RUNNING ANYWAY: ${reason}`);
    told.add(reason);
    return 'once';
  };
}

async function remember(
  { places, environment }: App,
  lasting: readonly string[],
  notify: (text: string) => void,
): Promise<void> {
  const { rememberRules } = await import('./remember-rules.ts');
  try {
    await rememberRules({ file: places.configFile, environment }, lasting);
  } catch (error) {
    // The call itself was allowed; only the next run will ask again.
    if (!(error instanceof SynapseError)) throw error;
    notify([error.message, error.hint].filter(Boolean).join(' '));
  }
}

/** The same source, reduced to tools that only read. */
function readOnlySource(source: ToolSource): ToolSource {
  const reading = (tools: readonly Tool[]) => tools.filter(({ effect }) => effect === 'read');
  return {
    name: source.name,
    list: async (signal) => reading(await source.list(signal)),
    listKnown: async () =>
      reading(await (source.listKnown?.() ?? source.list(new AbortController().signal))),
    call: (name, input, signal) => source.call(name, input, signal),
    close: () => source.close(),
  };
}
