import { textOf, toUsd, type SessionStore } from '@synapse/core';
import { printJson } from '../output/print-json.ts';
import { printResumeHint } from '../output/resume-hint.ts';
import type { Answer, OneShotOutput, StoredRun } from '@synapse/app/conversation/answer';

export interface Streams {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

/** Only for a person who reads both streams, and only if a session was stored. */
export async function hintAtResume(
  { session, isSaved }: StoredRun,
  sessions: Pick<SessionStore, 'find'>,
  { stdout, stderr, notify }: Streams & { notify: (text: string) => void },
): Promise<void> {
  if (!isSaved || !stdout.isTTY || !stderr.isTTY) return;
  await printResumeHint(session, sessions, { how: '-c, or', notify });
}

/** The one object of `--json`. */
export function createJsonOutput({ stdout }: Streams): OneShotOutput {
  return {
    begin: () => undefined,
    event: () => undefined,
    end: (answer) => printJson(stdout, { type: 'result', ...resultOf(answer) }),
    fail: () => undefined,
  };
}

/** `--output ndjson`: an object a line, numbered without gaps. */
export function createNdjsonOutput({ stdout }: Streams): OneShotOutput {
  let seq = 0;
  const print = (value: object) => printJson(stdout, { seq: seq++, ...value });
  return {
    begin: ({ id }, isNew) => print({ type: 'session', sessionId: id, created: isNew }),
    event(event) {
      switch (event.type) {
        case 'text-delta':
        case 'reasoning-delta':
        case 'notice':
          print(event);
          break;
        case 'tool-call':
          print({ type: event.type, id: event.id, name: event.name, input: event.input });
          break;
        case 'tool-end': {
          const { id, name, output, isError } = event.result;
          print({ type: 'tool-result', id, name, output, isError, durationMs: event.durationMs });
          break;
        }
        case 'storage-failed':
          print({ type: 'notice', text: `The answer is not saved: ${event.error.message}` });
          break;
        case 'started':
        case 'usage':
        case 'text-end':
        case 'reasoning-end':
        case 'tool-approval':
        case 'tool-start':
        case 'tool-call-start':
        case 'tool-call-delta':
        case 'turn-end':
        case 'message-stored':
        case 'turn-result':
          break;
      }
    },
    end: (answer) => print({ type: 'result', ...resultOf(answer) }),
    fail: () => undefined,
  };
}

function resultOf({ session, message, isSaved, spent, data }: Answer): object {
  return {
    sessionId: session.id,
    messageId: message.id,
    text: textOf(message.parts),
    provider: message.provider,
    model: message.model,
    finishReason: message.finishReason?.unified ?? null,
    usage: spent.usage,
    cost: { usd: spent.unpricedCount > 0 ? null : toUsd(spent.costNanoUsd) },
    saved: isSaved,
    ...(data !== undefined && { data }),
  };
}
