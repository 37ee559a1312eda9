import { useEffect, useRef } from 'preact/hooks';
import { describeProblem, tellProblem } from '../state/notices.ts';
import {
  filters,
  hasMore,
  isListLoaded,
  listProblem,
  loadMore,
  loadSessions,
  noFilters,
  otherSessions,
  pinnedSessions,
} from '../state/sessions.ts';
import { groupByDay } from './group-by-day.ts';
import { SessionFilters } from './session-filters.tsx';
import { SessionRow } from './session-row.tsx';
import { isSidebarOpen } from './sidebar-state.ts';

export { isSidebarOpen };

export function Sidebar() {
  return (
    <aside class="sidebar" aria-label="Sessions">
      <header>
        <a class="brand" href="#/" onClick={() => (isSidebarOpen.value = false)}>
          Synapse
        </a>
        <button class="sidebar-button" onClick={() => (isSidebarOpen.value = false)}>
          Close
        </button>
        <nav aria-label="Views" onClick={() => (isSidebarOpen.value = false)}>
          <a href="#/">New</a>
          <a href="#/search">Search</a>
          <a href="#/compare">Compare</a>
          <a href="#/usage">Usage</a>
          <a href="#/settings">Settings</a>
          <a href="#/shortcuts">Keys</a>
        </nav>
      </header>
      <SessionFilters />
      <SessionList />
    </aside>
  );
}

function SessionList() {
  const isFiltered = JSON.stringify(filters.value) !== JSON.stringify(noFilters);
  if (listProblem.value !== null && !isListLoaded.value) {
    return (
      <p class="list-state" role="alert">
        {describeProblem(listProblem.value).text}{' '}
        <button onClick={() => void loadSessions()}>Try again</button>
      </p>
    );
  }
  if (!isListLoaded.value) return <p class="list-state">Loading the sessions …</p>;
  const pinned = pinnedSessions.value;
  const days = groupByDay(otherSessions.value, new Date());
  if (pinned.length === 0 && days.length === 0) {
    return (
      <p class="list-state">
        {isFiltered
          ? 'No session fits these filters.'
          : 'No sessions yet. Ask your first question.'}
      </p>
    );
  }
  return (
    <div class="session-list" tabIndex={-1}>
      {pinned.length > 0 && (
        <section>
          <h2>Pinned</h2>
          <ul>
            {pinned.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
        </section>
      )}
      {days.map(({ title, sessions }) => (
        <section key={title}>
          <h2>{title}</h2>
          <ul>
            {sessions.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
        </section>
      ))}
      {hasMore.value && <MoreSessions />}
    </div>
  );
}

/** Loads the next page when it comes into view; the button does it without a pointer. */
function MoreSessions() {
  const place = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) void loadMore().catch(() => undefined);
    });
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, [otherSessions.value.length]);
  return (
    <button class="more" ref={place} onClick={() => void loadMore().catch(tellProblem)}>
      More sessions
    </button>
  );
}
