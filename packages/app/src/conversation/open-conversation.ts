import { defaultSettings, findPlaces, type Settings } from '@synapse/config';
import {
  NoProviderError,
  silentLogger,
  systemClock,
  type Approver,
  type Clock,
  type Logger,
  type ModelProvider,
  type Store,
  type ToolSource,
} from '@synapse/core';
import { createApprover, findTarget } from '@synapse/core/conversation';
import type { OpenModel } from '../wiring.ts';
import { Conversation, type ConversationApp } from './conversation.ts';

const MAX_ROUNDS = 50;

export interface OpenConversationOptions {
  store: Store;
  provider: ModelProvider;
  model: string;
  /**
   * An id, a name, a title, or `last`; an unknown name creates a session. By default, a new
   * session.
   */
  session?: string;
  /** The system prompt of a new session. */
  systemPrompt?: string;
  tools?: readonly ToolSource[];
  /** Without one, tools that only read are allowed and all others are refused. */
  approver?: Approver;
  /** The most answers with tool calls in a turn. */
  maxRounds?: number;
  /** Settings as in the file; missing ones have their defaults. */
  settings?: Partial<Pick<Settings, 'models' | 'prices' | 'limits' | 'context'>>;
  /** The folder that a new session belongs to. */
  here?: string;
  clock?: Clock;
  logger?: Logger;
}

/**
 * A conversation for a program that brings its own store and provider. It holds the session until
 * it is closed; rejects with SessionHeldError if another process writes to it.
 */
export async function openConversation(options: OpenConversationOptions): Promise<Conversation> {
  const { store, session = null, systemPrompt = null, here = '.' } = options;
  const app = appOf(options, here);
  const { tools, approver = readingOnly(here), maxRounds = MAX_ROUNDS } = options;
  const agent = {
    tools: tools && { sources: tools, approver, maxRounds },
    endSession: () => undefined,
  };
  const model = modelOf(options);
  const conversation = new Conversation(app, { store, model, agent });
  const query = { reference: session, here, systemPrompt, mustExist: false };
  const target = await findTarget(store.sessions, query);
  try {
    if ('id' in target) await conversation.open(target);
    else await conversation.begin(target);
    // A session without a name is created with the first question.
    if (session !== null) await conversation.use();
    await conversation.setModel(model);
    return conversation;
  } catch (error) {
    await conversation.close();
    throw error;
  }
}

/**
 * The settings without a file: sessions are named after their questions, and the oldest messages
 * are left out.
 */
function appOf(
  { settings: given, clock = systemClock, logger = silentLogger }: OpenConversationOptions,
  here: string,
): ConversationApp {
  const defaults = defaultSettings();
  const settings = {
    ...defaults,
    ...given,
    context: { ...defaults.context, strategy: 'window' as const, ...given?.context },
    session: { ...defaults.session, generate_titles: false },
  };
  const openModel = async () => {
    throw new NoProviderError('Only the given model can be asked.');
  };
  return { settings, clock, logger, here, openModel, places: findPlaces({}) };
}

function modelOf({ provider, model }: OpenConversationOptions): OpenModel {
  const setup = {
    ...{ name: provider.name, model, dialect: 'openai-chat' as const, isLocal: false },
    ...{
      baseUrl: null,
      apiKey: null,
      keySource: null,
      headers: {},
      quirks: {},
      idleTimeoutMs: null,
    },
    ...{ maxOutputTokens: null, temperature: null, contextTokens: null },
  };
  return { setup, provider };
}

function readingOnly(workingDirectory: string): Approver {
  return createApprover({
    policy: () => ({
      ...{ mode: 'read', rules: [], workingDirectory },
      parseShell: async () => ({ commands: [], doubts: [] }),
    }),
    ask: null,
    remember: async () => undefined,
  });
}
