import type { Part, StreamEvent, TurnEnd, Usage } from '@synapse/core';

/** An event of a stream, before it is put into lines. */
export interface ServerEvent {
  /** Chat Completions name no events. */
  event?: string;
  data: object | '[DONE]';
}

/** Writes one answer of a model as the stream of a dialect. */
export interface AnswerWriter {
  /** The events of the stream for the next event of the answer; possibly none. */
  write(event: StreamEvent): ServerEvent[];
  /** Ends the stream of a complete answer. */
  end(): ServerEvent[];
  /** Ends the stream of an answer that failed after its beginning. */
  fail(error: unknown): ServerEvent[];
}

/** What is known of an answer before it begins. */
export interface AnswerHead {
  /** The id of the message that will hold the answer. */
  id: string;
  /** The model under the name that the client uses. */
  model: string;
  createdAt: Date;
}

/** A whole answer. */
export interface WholeAnswer {
  parts: readonly Part[];
  turnEnd: TurnEnd;
}

/** Zeros if the provider reports nothing: clients expect numbers. */
export const noUsage: Usage = {
  ...{ inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  ...{ reasoningTokens: 0, estimated: true },
};

export function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** The arguments of a call, as the text that clients parse. */
export function toArguments({
  input,
  invalidInput,
}: {
  input: object;
  invalidInput?: string;
}): string {
  return invalidInput ?? JSON.stringify(input);
}

/** The lines of an event on the wire. */
export function toLines({ event, data }: ServerEvent): string {
  const name = event === undefined ? '' : `event: ${event}\n`;
  return `${name}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}
