import { expect } from '@jest/globals';
import { ProviderError, type ModelProvider, type StreamEvent } from '@synapse/core';
import {
  openProviderDouble,
  type ProviderDouble,
  type Reply,
} from '@synapse/test/support/provider-double';
import { readAnswer } from '@synapse/test/support/read-answer';
import { eventStream } from '@synapse/test/support/replies';
import type { ScriptedAnswer } from '@synapse/test/support/wire/scripted-answer';
import type { WireDialect } from '@synapse/test/support/wire/wire-events';

export interface ModelProviderHarness {
  /** The provider under test, speaking to this address with this key. */
  createProvider(options: {
    url: string;
    apiKey: string;
    idleTimeoutMs?: number;
    connectTimeoutMs?: number;
  }): ModelProvider;
  dialect: WireDialect;
  /** The answer in the provider's own words: one string for each server event. */
  toWire(answer: ScriptedAnswer): string[];
  /** How many events, from the last one back, may be missing without the answer being cut off. */
  dispensableEvents: number;
}

export const API_KEY = 'sk-contract-0123456789abcdef';
export const NEVER = new AbortController().signal;
export const TOOL_CALLS = [
  { id: 'call_one', name: 'read_file', arguments: ['{"path":', '"a.txt"}'] },
  { id: 'call_two', name: 'list', arguments: [] },
];
export const ANSWER: ScriptedAnswer = { text: ['Good ', 'morning ', '👋🏽 to you.'] };

/** A provider under test and the double that it speaks to, anew for each test. */
export class ProviderKit {
  readonly harness: ModelProviderHarness;
  double!: ProviderDouble;
  provider!: ModelProvider;

  constructor(harness: ModelProviderHarness) {
    this.harness = harness;
  }

  async open(): Promise<void> {
    this.double = await openProviderDouble();
    this.provider = this.harness.createProvider({ url: this.double.url, apiKey: API_KEY });
  }

  close(): Promise<void> {
    return this.double.close();
  }

  /** The events of an answer that is expected to come well. */
  async answer(scripted: ScriptedAnswer): Promise<StreamEvent[]> {
    this.double.script(eventStream(...this.harness.toWire(scripted)));
    const { events, error } = await readAnswer(this.provider);
    expect(error).toBeUndefined();
    return events;
  }

  /** The error of an answer that is expected to fail. */
  async failure(reply: Reply): Promise<ProviderError> {
    this.double.script(reply);
    const { events, error } = await readAnswer(this.provider);
    expect(error).toBeInstanceOf(ProviderError);
    expect(events.filter(({ type }) => type === 'turn-end')).toEqual([]);
    expect((error as ProviderError).provider).toBe(this.provider.name);
    return error as ProviderError;
  }
}
