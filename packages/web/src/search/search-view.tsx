import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { get } from '../api/client.ts';
import type { Hit, Page } from '../api/types.ts';
import { SidebarButton } from '../frame/sidebar-button.tsx';
import { go, place, sessionPath } from '../router.ts';
import { describeProblem } from '../state/notices.ts';

const PAUSE_MS = 200;

/** Words over all messages; a hit opens its session at the message. */
export function SearchView() {
  const q = place.value.query.get('q') ?? '';
  const found = useSignal<(Page<Hit> & { notices: string[] }) | null>(null);
  const problem = useSignal<unknown>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const load = async (words: string, cursor?: string) => {
    try {
      const page = await get<Page<Hit> & { notices: string[] }>('/api/search', {
        q: words,
        cursor,
      });
      if ((place.peek().query.get('q') ?? '') !== words) return;
      const before = cursor === undefined ? [] : (found.value?.items ?? []);
      found.value = { ...page, items: [...before, ...page.items] };
      problem.value = null;
    } catch (error) {
      problem.value = error;
    }
  };
  useEffect(() => {
    problem.value = null;
    if (q.trim() === '') {
      found.value = null;
      return;
    }
    const timer = setTimeout(() => void load(q), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [q]);
  return (
    <section class="page-view search">
      <header class="session-head">
        <SidebarButton />
        <h1>Search</h1>
      </header>
      <input
        {...{ type: 'search', 'aria-label': 'Words', placeholder: 'Words in messages' }}
        value={q}
        ref={field}
        onInput={({ currentTarget }) =>
          go(`/search?q=${encodeURIComponent(currentTarget.value)}`, { isReplacing: true })
        }
      />
      <p class="search-help">
        Filters: <code>role:user</code> <code>tag:work</code> <code>model:name</code>{' '}
        <code>origin:codex</code> <code>since:7d</code> <code>before:2026-01-31</code>{' '}
        <code>"a phrase"</code> <code>-without</code> <code>begin*</code>
      </p>
      <div role="status">
        {problem.value !== null && (
          <p class="problem">
            {describeProblem(problem.value).text} {describeProblem(problem.value).hint}
          </p>
        )}
        {found.value?.notices.map((text) => (
          <p class="remark" key={text}>
            {text}
          </p>
        ))}
        {found.value?.items.length === 0 && <p class="view-state">No message has these words.</p>}
      </div>
      <ol class="hits">
        {found.value?.items.map((hit) => (
          <HitRow key={hit.messageId} hit={hit} />
        ))}
      </ol>
      {found.value?.nextCursor != null && (
        <button class="more" onClick={() => void load(q, found.value?.nextCursor ?? undefined)}>
          More results
        </button>
      )}
    </section>
  );
}

function HitRow({ hit }: { hit: Hit }) {
  const { sessionId, messageId, sessionTitle, sessionHandle, role, createdAt, snippet } = hit;
  return (
    <li>
      <a href={`#${sessionPath(sessionId, messageId)}`}>
        <bdi>{sessionTitle ?? sessionHandle ?? 'Session without a name'}</bdi>
        <small>
          {role} · {new Date(createdAt).toLocaleDateString('en', { dateStyle: 'medium' })}
        </small>
      </a>
      <p dir="auto">
        {snippet.map(({ text, isMatch }, index) =>
          isMatch ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
        )}
      </p>
    </li>
  );
}
