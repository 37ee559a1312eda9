import { isRecord, isText, recordsOf, type Json } from './problems.ts';

/** What a provider signed or sealed, as a request brings it back. */
export interface Sealed {
  /** Null where it is missing on something that may have had one. */
  seal: string | null;
  /** All that it comes behind, as one text. */
  behind: string;
  /** What the seal is on, as one text. */
  content: string;
}

/** How a provider seals: what it binds a seal to, and where in a request it looks for its seals. */
export interface Sealing {
  /** What the next answer to the request is behind. */
  behind(body: Json): string;
  sealsIn(body: Json): Sealed[];
}

/** Remembers what a provider has sealed, and behind what, in all the requests of a conversation. */
export class SealLedger {
  readonly #sealing: Sealing;
  readonly #issued = new Map<string, Omit<Sealed, 'seal'>>();

  constructor(sealing: Sealing) {
    this.#sealing = sealing;
  }

  /** A seal for an answer to the request. */
  issue(body: Json, content: string): string {
    const seal = Buffer.from(`seal ${this.#issued.size}`).toString('base64');
    this.#issued.set(seal, { behind: this.#sealing.behind(body), content });
    return seal;
  }

  problems(body: Json): string[] {
    return this.#sealing.sealsIn(body).flatMap(({ seal, behind, content }) => {
      if (seal === null) return [];
      const issued = this.#issued.get(seal);
      if (!issued) return [`the seal ${seal} was never given out`];
      return [
        ...(issued.behind === behind ? [] : [`the seal ${seal} is bound to another conversation`]),
        ...(issued.content === content ? [] : [`the seal ${seal} is on something else`]),
      ];
    });
  }

  /** What comes back without the seal that it was given out with. */
  lost(body: Json): string[] {
    return this.#sealing.sealsIn(body).flatMap(({ seal, behind, content }) => {
      const issued = [...this.#issued.values()];
      const wasSealed = issued.some((one) => one.behind === behind && one.content === content);
      return seal === null && wasSealed ? [`the seal on ${content} is lost`] : [];
    });
  }
}

/** Signed thinking is bound to the system prompt, the tools and all that was said before it. */
export const ANTHROPIC_SEALING: Sealing = {
  behind: (body) => anthropicBehind(body, recordsOf(body.messages), []),
  sealsIn(body) {
    const messages = recordsOf(body.messages);
    return messages.flatMap(({ content }, index) => {
      const blocks = recordsOf(content);
      return blocks.flatMap((block, at): Sealed[] => {
        const before = blocks.slice(0, at);
        const behind = anthropicBehind(body, messages.slice(0, index), before);
        if (block.type === 'thinking')
          return [{ seal: String(block.signature), behind, content: String(block.thinking) }];
        return block.type === 'redacted_thinking'
          ? [{ seal: String(block.data), behind, content: '' }]
          : [];
      });
    });
  },
};

function anthropicBehind(
  { model, system, tools }: Json,
  messages: readonly Json[],
  blocks: readonly Json[],
): string {
  return JSON.stringify([model, system, tools, messages, blocks], dropCacheMarks);
}

/** The marks of the cache move from request to request, and bind nothing. */
function dropCacheMarks(key: string, value: unknown): unknown {
  return key === 'cache_control' ? undefined : value;
}

/** What reasoning of the Responses API is worth anything behind. */
export const RESPONSES_SEALING: Sealing = {
  behind: (body) => responsesBehind(body, recordsOf(body.input)),
  sealsIn(body) {
    const items = recordsOf(body.input);
    return items.flatMap((item, index): Sealed[] => {
      if (item.type !== 'reasoning') return [];
      const content = recordsOf(item.summary).map(({ text }) => String(text));
      const behind = responsesBehind(body, items.slice(0, index));
      return [{ seal: String(item.encrypted_content), behind, content: content.join('') }];
    });
  },
};

function responsesBehind({ model, instructions, tools }: Json, items: readonly Json[]): string {
  return JSON.stringify([model, instructions, tools, items]);
}

/** `reasoning_details` that a router took over from a maker who binds them. */
export const DETAILS_SEALING: Sealing = {
  behind: (body) => chatBehind(body, recordsOf(body.messages)),
  sealsIn(body) {
    const messages = recordsOf(body.messages);
    return messages.flatMap(({ reasoning_details: details }, index) =>
      recordsOf(details).map(({ signature, text }) => ({
        seal: String(signature),
        behind: chatBehind(body, messages.slice(0, index)),
        content: String(text),
      })),
    );
  },
};

function chatBehind({ model, tools }: Json, messages: readonly Json[]): string {
  // A text is the same as one part, which carries a mark while it is among the last.
  const alike = messages.map(({ content, ...message }) => ({
    ...message,
    content: typeof content === 'string' ? [{ type: 'text', text: content }] : content,
  }));
  return JSON.stringify([model, tools, alike], dropCacheMarks);
}

/** What Google lets stand for the signature of a call that another model made. */
export const SIGNATURE_OF_OTHERS = 'skip_thought_signature_validator';

/** Gemini signs calls for a model, wherever they come. */
export const GEMINI_SEALING: Sealing = {
  behind: ({ model }) => String(model),
  sealsIn: ({ model, messages }) =>
    recordsOf(messages).flatMap(({ tool_calls: calls }) =>
      recordsOf(calls).map((call) => {
        const signature = thoughtSignature(call);
        const isOwn = typeof signature === 'string' && signature !== SIGNATURE_OF_OTHERS;
        const seal = isOwn ? signature : null;
        return { seal, behind: String(model), content: argumentsOf(call) };
      }),
    ),
};

/** Kimi wants to see what it thought before it called something. */
export const KIMI_SEALING: Sealing = {
  behind: ({ model }) => String(model),
  sealsIn: ({ model, messages }) =>
    recordsOf(messages).flatMap(({ tool_calls: calls, reasoning_content: reasoning }) => {
      const [first] = recordsOf(calls);
      if (!first) return [];
      const seal = isText(reasoning) ? reasoning : null;
      return [{ seal, behind: String(model), content: argumentsOf(first) }];
    }),
};

/** What tells calls apart where their ids were changed on the way. */
function argumentsOf(call: Json): string {
  return isRecord(call.function) ? String(call.function.arguments) : '';
}

/** Where Gemini puts its signature in the dialect of others. */
export function thoughtSignature({ extra_content: extra }: Json): unknown {
  return isRecord(extra) && isRecord(extra.google) ? extra.google.thought_signature : undefined;
}
