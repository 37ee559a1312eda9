import type { ModelProvider } from '@synapse/core';
import { PRESETS } from '@synapse/core/models';
import { createAnthropicProvider } from '@synapse/provider-anthropic';
import { createOpenAiProvider } from '@synapse/provider-openai';
import { anthropicRequestProblems } from '../../support/validators/anthropic-request-problems.ts';
import {
  chatRequestProblems,
  GEMINI_RULES,
  MISTRAL_RULES,
  OPENAI_CHAT_RULES,
  type ChatRules,
} from '../../support/validators/chat-request-problems.ts';
import { imageProblems } from '../../support/validators/image-problems.ts';
import type { Json } from '../../support/validators/problems.ts';
import { responsesRequestProblems } from '../../support/validators/responses-request-problems.ts';
import {
  ANTHROPIC_SEALING,
  DETAILS_SEALING,
  GEMINI_SEALING,
  KIMI_SEALING,
  RESPONSES_SEALING,
  type Sealing,
} from '../../support/validators/seals.ts';
import { anthropicWire } from '../../support/wire/anthropic-wire.ts';
import { openAiChatWire } from '../../support/wire/openai-chat-wire.ts';
import { openAiResponsesWire } from '../../support/wire/openai-responses-wire.ts';
import type { ScriptedAnswer } from '../../support/wire/scripted-answer.ts';

/** A server that refuses whatever the real one refuses. */
export interface StrictServer {
  /** The provider is configured under it. */
  name: string;
  /** Two that can be asked; the second is another epoch. */
  models: readonly [string, string];
  /** The name that answers, where that is another. */
  answersAs?: string;
  createProvider(url: string): ModelProvider;
  problems(body: Json): string[];
  /** What the server alone can tell: it is refused once, and another request follows that is taken. */
  lesson?(body: Json, problems: readonly string[]): string | undefined;
  /** What the server wants to see again; it seals nothing without. */
  sealing?: Sealing;
  sealedPart?: 'call' | 'details';
  /** The thought itself is what the server wants to see again, with the calls behind it. */
  wantsThoughts?: boolean;
  toWire(answer: ScriptedAnswer): string[];
  toCallId?(number: number): string;
  /** One that makes a single call at a time. */
  callsOnce?: boolean;
}

function chatServer(
  name: string,
  rules: ChatRules,
  more: Partial<StrictServer> & Pick<StrictServer, 'models'>,
): StrictServer {
  const quirks = PRESETS.find((preset) => preset.name === name)?.quirks ?? {};
  return {
    name,
    createProvider: (url) =>
      createOpenAiProvider({ name, apiKey: 'key', baseUrl: `${url}/v1`, dialect: 'chat', quirks }),
    problems: (body) => chatRequestProblems(body, rules),
    toWire: openAiChatWire,
    ...more,
  };
}

function responsesServer(
  name: string,
  more: Partial<StrictServer> & Pick<StrictServer, 'models'>,
): StrictServer {
  return {
    name,
    createProvider: (url) =>
      createOpenAiProvider({ name, apiKey: 'key', baseUrl: `${url}/v1`, dialect: 'responses' }),
    problems: responsesRequestProblems,
    toWire: openAiResponsesWire,
    ...more,
  };
}

const NO_SIGNATURE = 'Function call is missing a thought_signature';
const COMPATIBLE: ChatRules = { ...OPENAI_CHAT_RULES, systemRoles: ['system'] };

export const STRICT_SERVERS: readonly StrictServer[] = [
  {
    name: 'anthropic',
    models: ['claude-sonnet-5-5', 'claude-opus-5-5'],
    answersAs: 'claude-sonnet-5-5-20260924',
    createProvider: (url) =>
      createAnthropicProvider({ name: 'anthropic', apiKey: 'key', baseUrl: url }),
    problems: anthropicRequestProblems,
    sealing: ANTHROPIC_SEALING,
    toWire: anthropicWire,
  },
  responsesServer('openai', {
    models: ['gpt-6-sol', 'gpt-6-luna'],
    sealing: RESPONSES_SEALING,
  }),
  responsesServer('azure', {
    models: ['our-deployment', 'our-other-deployment'],
    answersAs: 'gpt-6-sol-2026-09-01',
    sealing: RESPONSES_SEALING,
  }),
  responsesServer('azure-without-thoughts', {
    models: ['our-small-deployment', 'our-smaller-deployment'],
    answersAs: 'gpt-4o-2024-11-20',
    lesson: ({ include }) =>
      include === undefined ? undefined : 'Encrypted content is not supported with this model.',
  }),
  chatServer('gemini', GEMINI_RULES, {
    models: ['gemini-3.5-flash', 'gemini-3.5-pro'],
    sealing: GEMINI_SEALING,
    sealedPart: 'call',
    // Calls that another model made in the turn under way.
    lesson: (_, problems) =>
      problems.every((problem) => problem.includes(NO_SIGNATURE)) ? problems[0] : undefined,
  }),
  chatServer(
    'moonshot',
    { ...COMPATIBLE, needsReasoning: true },
    {
      models: ['kimi-k3', 'kimi-k2.5'],
      sealing: KIMI_SEALING,
      wantsThoughts: true,
      // Calls that another model made.
      lesson: (_, problems) =>
        problems.find((problem) => problem.includes('is missing in assistant')),
      toCallId: (number) => `functions.read:${number}`,
    },
  ),
  chatServer('openrouter', COMPATIBLE, {
    models: ['openrouter/auto', 'anthropic/claude-sonnet-5.5'],
    answersAs: 'anthropic/claude-sonnet-5.5',
    sealing: DETAILS_SEALING,
    sealedPart: 'details',
  }),
  chatServer('mistral', MISTRAL_RULES, {
    models: ['mistral-medium-latest', 'mistral-large-latest'],
    toCallId: (number) => String(number).padStart(9, 'c'),
  }),
  chatServer('blind', COMPATIBLE, {
    models: ['blind-1', 'blind-2'],
    lesson: refuseImages(),
  }),
  chatServer(
    'llamacpp',
    { ...COMPATIBLE, takesOneCall: true },
    {
      models: ['small-1', 'small-2'],
      // What another model did at once.
      lesson: (_, problems) => problems.find((problem) => problem.includes('single tool-calls')),
      callsOnce: true,
    },
  ),
];

function refuseImages(): NonNullable<StrictServer['lesson']> {
  return (body) =>
    imageProblems(body).length > 0
      ? 'messages[1]: unknown variant `image_url`, expected `text`'
      : undefined;
}
