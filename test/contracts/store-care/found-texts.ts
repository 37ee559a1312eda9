import { newId, parseSearchQuery, type SearchHit, type Store } from '@synapse/core';
import { aMessage, noon } from '../../support/samples.ts';

/** All that is found, over all pages. */
export async function findAll(
  { search }: Pick<Store, 'search'>,
  query: string,
  limit = 50,
): Promise<SearchHit[]> {
  const hits: SearchHit[] = [];
  let cursor: string | undefined;
  do {
    const page = await search.search(parseSearchQuery(query, noon), { limit, cursor });
    hits.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return hits;
}

/** What the found messages say, in a fixed order. */
export async function foundTexts(
  store: Pick<Store, 'search' | 'sessions'>,
  query: string,
): Promise<string[]> {
  const hits = await findAll(store, query);
  const texts = await Promise.all(
    hits.map(async ({ sessionId, messageId }) => {
      const message = await store.sessions.message(sessionId, messageId);
      return message?.parts.map((part) => ('text' in part ? part.text : part.type)).join('') ?? '';
    }),
  );
  return texts.sort();
}

/** One session in which this was said. */
export async function say(
  { sessions }: Pick<Store, 'sessions'>,
  ...texts: string[]
): Promise<string> {
  const { id } = await sessions.create({ id: newId(), createdAt: noon });
  await sessions.append(
    id,
    texts.map((text) => aMessage(text)),
    null,
  );
  return id;
}
