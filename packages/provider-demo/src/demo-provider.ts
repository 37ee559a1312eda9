import {
  ProviderError,
  type JsonObject,
  type ModelProvider,
  type ModelRequest,
  type RequestMessage,
  type StreamEvent,
  type Usage,
} from '@synapse/core';

const MODEL = 'demo-1';
const LONGEST_QUOTE = 4_000;

export interface DemoProviderOptions {
  /** Waits between two pieces of the answer, so that it streams as a model's would. */
  pause?: (signal: AbortSignal) => Promise<void>;
  /** How to get a real provider; every answer ends with it. */
  advice?: string;
}

/** Answers offline and describes itself, so that you can try everything without a model. */
export function createDemoProvider({
  pause,
  advice = 'Set up a real provider for real answers. This session stays stored.',
}: DemoProviderOptions = {}): ModelProvider {
  return {
    name: 'demo',
    async *stream(request, signal) {
      signal.throwIfAborted();
      refuseOtherModels(request.model);
      const call = askedCall(request);
      const answer = call ? `Calling \`${call.name}\`, as you asked.\n` : answerTo(request, advice);
      for (const text of answer.match(/\s*\S+\s*/g) ?? []) {
        yield { type: 'text-delta', text };
        await pause?.(signal);
        signal.throwIfAborted();
      }
      if (call) yield call;
      yield {
        type: 'turn-end',
        finishReason: call
          ? { unified: 'tool-calls', raw: 'tool-calls' }
          : { unified: 'stop', raw: 'stop' },
        usage: usageOf(request, answer),
        model: MODEL,
      };
    },
    async listModels() {
      return [
        {
          id: MODEL,
          name: 'Demo',
          contextTokens: 100_000,
          maxOutputTokens: null,
          price: {
            inputPerMillion: 0,
            outputPerMillion: 0,
            cacheReadPerMillion: 0,
            cacheWritePerMillion: 0,
          },
          abilities: ['tools', 'images', 'files'],
        },
      ];
    },
  };
}

/** Like a real provider, so that a misspelt name fails here, too. */
function refuseOtherModels(model: string): void {
  if (model === MODEL || model === 'demo') return;
  throw new ProviderError(`demo does not have the model "${model}".`, {
    provider: 'demo',
    reason: 'model-not-found',
    isRetryable: false,
    hint: `Use its only model: demo/${MODEL}`,
  });
}

function answerTo({ messages }: ModelRequest, advice: string): string {
  const last = messages.at(-1);
  if (last?.role === 'tool') {
    const results = last.parts.map(
      ({ name, output }) =>
        `\`${name}\` returned:\n\n${output.includes('\n') ? codeBlock(output) : quote(output)}`,
    );
    return results.join('\n\n');
  }
  const said = messages.filter(({ role }) => role === 'user').map(saidIn);
  const before = said.slice(0, -1);
  return [
    'I am the **demo** provider of Synapse. I work offline and I am not a language model.',
    before.length === 0
      ? 'This is the first message of our conversation. You said:'
      : `I have our whole conversation: ${messages.length} messages, ${said.length} of them yours. Your last message was:\n\n${quote(before.at(-1) ?? '')}\n\nand now:`,
    quote(said.at(-1) ?? ''),
    advice,
  ].join('\n\n');
}

/** "call now" or "use the read tool {"path": "README.md"}" calls an offered tool. */
function askedCall({ messages, tools }: ModelRequest): ToolCall | undefined {
  const last = messages.at(-1);
  if (last?.role !== 'user') return undefined;
  const said = saidIn(last);
  const name = /\b(?:call|use)\s+(?:the\s+)?(?:tool\s+)?[`"]?([\w-]+)/i.exec(said)?.[1];
  if (!tools.some((tool) => tool.name === name) || name === undefined) return undefined;
  return { type: 'tool-call', id: `demo-${messages.length}`, name, input: inputIn(said) };
}

type ToolCall = Extract<StreamEvent, { type: 'tool-call' }>;

function inputIn(said: string): JsonObject {
  try {
    return JSON.parse(/\{.*\}/s.exec(said)?.[0] ?? '{}') as JsonObject;
  } catch {
    return {};
  }
}

function saidIn(message: RequestMessage): string {
  return message.parts
    .map((part) => {
      if (part.type === 'text') return part.text;
      return part.type === 'image' || part.type === 'file'
        ? `[${part.type} ${part.attachment.name ?? part.attachment.mediaType}]`
        : '';
    })
    .filter(Boolean)
    .join('\n');
}

function quote(text: string): string {
  return clip(text).replace(/^/gm, '> ');
}

function clip(text: string): string {
  const shown = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)} …` : text;
  return shown.toWellFormed();
}

/** Keeps the lines of a text apart; the fence is longer than any in the text. */
function codeBlock(text: string): string {
  const shown = clip(text);
  const longest = Math.max(2, ...[...shown.matchAll(/`{3,}/g)].map(([fence]) => fence.length));
  const fence = '`'.repeat(longest + 1);
  const language = /^--- .*\n\+\+\+ /.test(shown) ? 'diff' : '';
  return `${fence}${language}\n${shown.replace(/\n$/, '')}\n${fence}`;
}

/**
 * Four characters count as one token; these figures are exact for the demo, so they are not marked
 * as estimated.
 */
function usageOf(request: ModelRequest, answer: string): Usage {
  const asked = [request.systemPrompt ?? '', ...request.messages.map(saidIn)].join('');
  return {
    inputTokens: Math.ceil(asked.length / 4),
    outputTokens: Math.ceil(answer.length / 4),
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    estimated: false,
  };
}
