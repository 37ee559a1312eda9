import type { ModelProvider, ModelRequest } from '@synapse/core';
import {
  COMPATIBLE_QUIRKS,
  findFacts,
  OPENAI_QUIRKS,
  thinks,
  withModelFacts,
  type ModelFacts,
} from '@synapse/core/models';
import {
  createFetch,
  streamAnswer,
  toProviderError,
  type MinimalResponse,
  environmentHeaders,
  type MinimalFetch,
} from '@synapse/provider-http';
import type { OpenAI } from 'openai';
import { ChatReader } from './chat/from-chat-events.ts';
import { toChatRequest } from './chat/to-chat-request.ts';
import { fromOpenAiModel } from './from-openai-model.ts';
import { LearnedQuirks } from './learned-quirks.ts';
import type { OpenAiOptions } from './openai-options.ts';
import { ResponsesReader } from './responses/from-responses-events.ts';
import { toResponsesRequest } from './responses/to-responses-request.ts';

const BASE_URL = 'https://api.openai.com/v1';
/** The longest delay of a Node timer, so that only the time limits of the transport apply. */
const NEVER_MS = 2 ** 31 - 1;

/** Models of OpenAI, and of every server with one of its dialects. */
export function createOpenAiProvider(options: OpenAiOptions): ModelProvider {
  const { name, apiKey, dialect, environment } = options;
  const { connectTimeoutMs = 10_000, idleTimeoutMs } = options;
  const context = {
    provider: name,
    secrets: [apiKey ?? '', ...Object.values(options.headers ?? {})],
  };
  const usual = options.baseUrl === undefined ? OPENAI_QUIRKS : COMPATIBLE_QUIRKS;
  const quirks = { ...usual, ...options.quirks };
  const fetch = createFetch({ ...context, environment, connectTimeoutMs, idleTimeoutMs });
  const factsOf = options.factsOf ?? ((model) => findFacts(name, model));
  const learned = new LearnedQuirks();
  let created: ReturnType<typeof createClient> | undefined;
  const client = () => (created ??= createClient(options, fetch));

  const provider: ModelProvider = {
    name,

    stream(request, signal) {
      const isChat = dialect === 'chat';
      const { model } = request;
      const facts = factsOf(model);
      const send = async (): Promise<MinimalResponse> => {
        const loading = client();
        const path = isChat ? '/chat/completions' : '/responses';
        const body = isChat
          ? toChatRequest(request, fittingEffort(options, facts, request), {
              ...quirks,
              structuredOutput:
                learned.structuredOutput(model) ??
                facts.structuredOutput ??
                quirks.structuredOutput,
              needsReasoning: quirks.needsReasoning || learned.has(model, 'needs-reasoning'),
              needsSignatures: quirks.needsSignatures || learned.has(model, 'needs-signatures'),
              takesOneCall: quirks.takesOneCall || learned.has(model, 'takes-one-call'),
            })
          : toResponsesRequest(request, {
              ...fittingEffort(options, facts, request),
              reasoningSummary:
                thinks(facts) && !learned.has(model, 'no-summaries')
                  ? options.reasoningSummary
                  : undefined,
              // An unknown model may think, whatever a deployment is called.
              sealsThoughts: !learned.has(model, 'no-sealed-thoughts') && thinks(facts) !== false,
            });
        const answer = (await loading).post(path, { body, stream: true, signal });
        return (await answer.asResponse()) as unknown as MinimalResponse;
      };
      return streamAnswer({
        ...context,
        signal,
        idleTimeoutMs,
        reader: isChat
          ? new ChatReader(context, request.model, quirks)
          : new ResponsesReader(context, request.model),
        open: async () => {
          try {
            return await send();
          } catch (error) {
            const failure = toProviderError(error, context);
            if (signal.aborted || !learned.learnFrom(failure, request)) throw error;
            return send();
          }
        },
      });
    },

    async listModels(signal) {
      try {
        const models = [];
        for await (const model of (await client()).models.list({ signal })) {
          models.push(fromOpenAiModel(model));
        }
        return models;
      } catch (error) {
        signal.throwIfAborted();
        throw toProviderError(error, context);
      }
    },
  };
  return withModelFacts(provider, factsOf);
}

/** The options with the effort of the request, and without one that the model does not know. */
function fittingEffort(
  { reasoningEffort, ...options }: OpenAiOptions,
  { efforts }: ModelFacts,
  { effort }: ModelRequest,
): OpenAiOptions {
  // Servers refuse requests with an effort for a model that does not think.
  if (effort !== undefined && efforts?.includes(effort)) {
    return { ...options, reasoningEffort: effort as NonNullable<typeof reasoningEffort> };
  }
  const isKnown = reasoningEffort && efforts?.includes(reasoningEffort) !== false;
  return isKnown ? { ...options, reasoningEffort } : options;
}

/** Creates the client of the SDK, which is loaded on demand; its requests use our `fetch`. */
async function createClient(options: OpenAiOptions, fetch: MinimalFetch): Promise<OpenAI> {
  const { apiKey } = options;
  const { OpenAI: Client } = await import('openai');
  return new Client({
    // Set explicitly, so that the SDK looks up nothing in the environment.
    apiKey: apiKey ?? 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    baseURL: options.baseUrl ?? BASE_URL,
    maxRetries: 0,
    timeout: NEVER_MS,
    logLevel: 'off',
    // Our response implements only the part of Response that the SDK uses.
    fetch: fetch as unknown as typeof globalThis.fetch,
    defaultQuery: options.query,
    defaultHeaders: {
      ...environmentHeaders('OPENAI_CUSTOM_HEADERS'),
      authorization: apiKey === null ? null : `Bearer ${apiKey}`,
      ...options.headers,
    },
  });
}
