import type { ModelProvider, ModelRequest, StreamEvent } from '@synapse/core';

type Step = StreamEvent | Error | ((signal: AbortSignal) => Promise<void> | void);

/** Plays one script a request: events are yielded, errors thrown, functions awaited in between. */
export class ScriptedProvider implements ModelProvider {
  readonly name = 'scripted';
  readonly requests: ModelRequest[] = [];
  readonly #scripts: Step[][];

  constructor(...scripts: Step[][]) {
    this.#scripts = scripts;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<StreamEvent> {
    this.requests.push(structuredClone(request));
    for (const step of this.#scripts.shift() ?? []) {
      signal.throwIfAborted();
      if (step instanceof Error) throw step;
      if (typeof step === 'function') await step(signal);
      else yield step;
    }
  }

  async listModels(): Promise<never[]> {
    return [];
  }
}

export function text(delta: string): StreamEvent {
  return { type: 'text-delta', text: delta };
}

export const turnEnd: StreamEvent = {
  type: 'turn-end',
  finishReason: { unified: 'stop', raw: 'end_turn' },
  usage: {
    inputTokens: 10,
    outputTokens: 5,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    estimated: false,
  },
  model: 'scripted-1',
};
