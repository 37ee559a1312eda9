import { isJsonObject, type JsonObject, type Part, type Store } from '@synapse/core';
import type { Run, RunEvent } from '@synapse/core/server';

const PAGE = 1000;

/** An active run at a position, from which a reader can follow it without a gap. */
export interface ActiveRunView {
  run: Run;
  position: number;
  /** What was answered since the question: texts, tool calls and their results. */
  parts: readonly Part[];
}

/** The active run of a session with its answer so far, folded from its events; null if there is none. */
export async function readActiveRun(
  { runs }: Pick<Store, 'runs'>,
  sessionId: string,
): Promise<ActiveRunView | null> {
  const run = await runs.active(sessionId);
  if (!run) return null;
  const answer = new AnswerParts();
  let position = 0;
  for (;;) {
    const events = await runs.read(run.id, { after: position, limit: PAGE });
    for (const event of events) {
      position = event.position;
      answer.add(event.type, isJsonObject(event.data) ? event.data : {});
    }
    if (events.length < PAGE) return { run, position, parts: answer.parts };
  }
}

/** The parts of an answer as the events of its run have them. */
class AnswerParts {
  readonly parts: Part[] = [];
  /** The next piece of text begins a part of its own. */
  #isClosed = true;

  add(type: RunEvent['type'], data: JsonObject): void {
    switch (type) {
      case 'text-delta':
        this.#addText('text', textIn(data, 'text'));
        break;
      case 'reasoning-delta':
        this.#addText('reasoning', textIn(data, 'text'));
        break;
      case 'text-end':
      case 'reasoning-end':
        this.#isClosed = true;
        break;
      case 'tool-call':
        this.#push({ ...callOf(data), type: 'tool-call', input: objectIn(data, 'input') });
        break;
      case 'tool-end':
        this.#push({
          ...{ ...callOf(data), type: 'tool-result', output: textIn(data, 'output') },
          isError: data.isError === true,
        });
        break;
    }
  }

  #addText(type: 'text' | 'reasoning', text: string): void {
    const last = this.parts.at(-1);
    if (!this.#isClosed && last?.type === type) last.text += text;
    else this.#push({ type, text });
    this.#isClosed = false;
  }

  #push(part: Part): void {
    this.parts.push(part);
    this.#isClosed = true;
  }
}

function callOf(data: JsonObject): { id: string; name: string } {
  return { id: textIn(data, 'callId'), name: textIn(data, 'name') };
}

function textIn(data: JsonObject, field: string): string {
  const value = data[field];
  return typeof value === 'string' ? value : '';
}

function objectIn(data: JsonObject, field: string): JsonObject {
  const value = data[field];
  return isJsonObject(value) ? value : {};
}
