import type { ModelInfo, ModelProvider, ModelRequest, StreamEvent } from '@synapse/core';

/** Gives one prepared answer for each request: its events, and at last an error, if there is one. */
export class ScriptedProvider implements ModelProvider {
  readonly name: string;
  readonly requests: ModelRequest[] = [];
  #answers: (StreamEvent | Error)[][];

  constructor(name: string, ...answers: (StreamEvent | Error)[][]) {
    this.name = name;
    this.#answers = answers;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<StreamEvent> {
    const answer = this.#answers[this.requests.length] ?? this.#answers.at(-1) ?? [];
    this.requests.push(request);
    for (const step of answer) {
      signal.throwIfAborted();
      if (step instanceof Error) throw step;
      yield step;
    }
  }

  async listModels(): Promise<ModelInfo[]> {
    return [];
  }
}
