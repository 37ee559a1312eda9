import type { Approver, JsonObject, Tool, ToolOutput, ToolSource } from '@synapse/core';

export interface FakeCall {
  name: string;
  input: JsonObject;
}

type Behaviour = (input: JsonObject, signal: AbortSignal) => Promise<string> | string;

/** Tools that do what the test says, and remember what they were asked. */
export class FakeTools implements ToolSource {
  readonly name = 'fake';
  readonly calls: FakeCall[] = [];
  readonly #tools: Record<string, Behaviour>;
  readonly #effect: Tool['effect'];

  constructor(tools: Record<string, Behaviour>, effect: Tool['effect'] = 'read') {
    this.#tools = tools;
    this.#effect = effect;
  }

  async list(): Promise<Tool[]> {
    return Object.keys(this.#tools).map((name) => ({
      name,
      description: `It does ${name}.`,
      inputSchema: { type: 'object', properties: {} },
      effect: this.#effect,
    }));
  }

  async call(name: string, input: JsonObject, signal: AbortSignal): Promise<ToolOutput> {
    this.calls.push({ name, input });
    const output = (await this.#tools[name]?.(input, signal)) ?? '';
    signal.throwIfAborted();
    return { output, isError: false, attachments: [] };
  }

  async close(): Promise<void> {
    // There is nothing to close.
  }
}

export const allowAll: Approver = { approve: async () => ({ allowed: true }) };

/** A tool that runs commands, as approvals and rules see it. */
export const shellTool: Tool = {
  name: 'shell',
  description: '',
  inputSchema: {},
  effect: 'execute',
  subject: { argument: 'command', kind: 'command' },
};
