import { lengthOf } from '../session/message-length.ts';
import type { PromptMessage } from '../session/message.ts';

// A message may have 16 MiB: the page before tells how long this session's messages are.
const FIRST_PAGE = 50;
const SMALLEST_PAGE = 5;
const LARGEST_PAGE = 500;
const PAGE_LENGTH = 1 << 22;

export interface BackwardsPage<M> {
  messages: M[];
  /** Whether the range has nothing older. */
  isLast: boolean;
}

/**
 * The messages between `after` and `before`, from the newest page to the oldest; pages of long
 * messages are shorter.
 */
export async function* readBackwards<M extends Pick<PromptMessage, 'seq' | 'parts'>>(
  read: (page: { limit: number; before: number | undefined }) => Promise<M[]>,
  { before, after }: { before?: number; after: number },
): AsyncGenerator<BackwardsPage<M>> {
  let limit = FIRST_PAGE;
  let end = before;
  for (;;) {
    const page = await read({ limit, before: end });
    end = page[0]?.seq ?? 0;
    const isLast = page.length < limit || end <= after + 1;
    const isWhole = end > after;
    yield { messages: isWhole ? page : page.filter(({ seq }) => seq > after), isLast };
    if (isLast) return;
    const length = page.reduce((sum, { parts }) => sum + lengthOf(parts), 1) / page.length;
    limit = Math.min(LARGEST_PAGE, Math.max(SMALLEST_PAGE, Math.floor(PAGE_LENGTH / length)));
  }
}
