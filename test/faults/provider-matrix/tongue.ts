import type { ModelProvider } from '@synapse/core';
import { createAnthropicProvider } from '@synapse/provider-anthropic';
import { createOpenAiProvider } from '@synapse/provider-openai';
import { anthropicRequestProblems } from '../../support/validators/anthropic-request-problems.ts';
import {
  chatRequestProblems,
  OPENAI_CHAT_RULES,
} from '../../support/validators/chat-request-problems.ts';
import type { Json } from '../../support/validators/problems.ts';
import { responsesRequestProblems } from '../../support/validators/responses-request-problems.ts';
import { anthropicWire } from '../../support/wire/anthropic-wire.ts';
import { openAiChatWire } from '../../support/wire/openai-chat-wire.ts';
import { openAiResponsesWire } from '../../support/wire/openai-responses-wire.ts';
import type { ScriptedAnswer } from '../../support/wire/scripted-answer.ts';

export interface TongueOptions {
  name: string;
  apiKey: string;
  baseUrl: string;
  connectTimeoutMs?: number;
  idleTimeoutMs?: number;
}

/** One dialect: who speaks it, how it sounds, and what it does not take. */
export interface Tongue {
  name: string;
  createProvider(options: TongueOptions): ModelProvider;
  /** The answer, one string for each server event. */
  toWire(answer: ScriptedAnswer): string[];
  problems(body: Json): string[];
  /** Says in the middle of a stream that the server is overloaded. */
  overloaded: string;
  /** An event that nobody knows. */
  stranger: string;
}

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

export const TONGUES: readonly Tongue[] = [
  {
    name: 'anthropic',
    createProvider: createAnthropicProvider,
    toWire: anthropicWire,
    problems: anthropicRequestProblems,
    overloaded: `event: error\n${data({
      type: 'error',
      error: { type: 'overloaded_error', message: 'Overloaded' },
    })}`,
    stranger: `event: weather_report\n${data({ type: 'weather_report', degrees: 21 })}`,
  },
  {
    name: 'openai-responses',
    createProvider: (options) => createOpenAiProvider({ ...options, dialect: 'responses' }),
    toWire: openAiResponsesWire,
    problems: responsesRequestProblems,
    overloaded: `event: error\n${data({ type: 'error', code: 'server_error', message: 'Busy' })}`,
    stranger: `event: response.weather\n${data({ type: 'response.weather', degrees: 21 })}`,
  },
  {
    name: 'openai-chat',
    createProvider: (options) => createOpenAiProvider({ ...options, dialect: 'chat' }),
    toWire: openAiChatWire,
    problems: (body) => chatRequestProblems(body, OPENAI_CHAT_RULES),
    overloaded: data({ error: { message: 'Overloaded', code: 502 } }),
    stranger: data({ object: 'weather', degrees: 21 }),
  },
];
