import { isVisible, type Started, type StreamEvent, type TurnEnd } from '../ports/stream-event.ts';
import type { Part, ReasoningPart, TextPart } from '../session/part.ts';
import type { Usage } from '../session/usage.ts';

/**
 * Puts an answer together while it streams. At any moment it holds a message that may be stored:
 * without unfinished tool calls, but with unfinished reasoning.
 */
export class MessageCollector {
  #parts: Part[] = [];
  #openText: TextPart | null = null;
  #openReasoning: ReasoningPart | null = null;
  #turnEnd: TurnEnd | null = null;
  #started: Started | null = null;
  #usage: Usage | null = null;
  #sawVisible = false;
  #length = 0;
  #begunCalls = 0;
  #wholeCalls = 0;

  /** The last event of the stream; null until it arrives. */
  get turnEnd(): TurnEnd | null {
    return this.#turnEnd;
  }

  /** The provider that answers; null until known. */
  get answerer(): Started | TurnEnd | null {
    return this.#turnEnd ?? this.#started;
  }

  /** The provider's count so far; null if it reported none. */
  get usage(): Usage | null {
    return this.#turnEnd?.usage ?? this.#usage;
  }

  /** True once the request is paid for. */
  get isPaid(): boolean {
    return this.#sawVisible || this.answerer !== null;
  }

  /** True once any part of the answer has arrived: from then on a retry would repeat it. */
  get sawVisible(): boolean {
    return this.#sawVisible;
  }

  /** All received characters and those of the event, unfinished calls included. */
  lengthWith(event: StreamEvent): number {
    if ('text' in event) return this.#length + event.text.length;
    return 'inputText' in event ? this.#length + event.inputText.length : this.#length;
  }

  /** The number of received calls, unfinished calls included. */
  get callCount(): number {
    return Math.max(this.#begunCalls, this.#wholeCalls);
  }

  /** A copy of the parts received so far, which later events don't change. */
  parts(): Part[] {
    return this.#parts.map((part) => ({ ...part }));
  }

  add(event: StreamEvent): void {
    this.#sawVisible ||= isVisible(event);
    this.#length = this.lengthWith(event);
    switch (event.type) {
      case 'text-delta':
        this.#openText ??= this.#push({ type: 'text', text: '' });
        // V8 links added strings instead of copying them, so the time is linear.
        this.#openText.text += event.text;
        break;
      case 'text-end':
        if (this.#openText) this.#openText.replay = event.replay;
        this.#openText = null;
        break;
      case 'reasoning-delta':
        this.#openReasoning ??= this.#push({ type: 'reasoning', text: '' });
        this.#openReasoning.text += event.text;
        break;
      case 'reasoning-end':
        if (event.replay !== null) {
          this.#openReasoning ??= this.#push({ type: 'reasoning', text: '' });
          this.#openReasoning.replay = event.replay;
        }
        this.#openReasoning = null;
        break;
      case 'tool-call':
        this.#wholeCalls += 1;
        this.#push({ ...event });
        break;
      case 'started':
        this.#started = event;
        this.#usage = null;
        break;
      case 'usage':
        this.#usage = event.usage;
        break;
      case 'turn-end':
        this.#turnEnd = event;
        break;
      case 'tool-call-start':
        this.#begunCalls += 1;
        break;
      case 'tool-call-delta':
      case 'notice':
        break;
    }
  }

  #push<P extends Part>(part: P): P {
    this.#openText = null;
    this.#parts.push(part);
    return part;
  }
}
