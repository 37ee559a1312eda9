import { useEffect } from 'preact/hooks';
import { ConversationView } from './conversation/conversation-view.tsx';
import { NewSession } from './conversation/new-session.tsx';
import { useKeys } from './frame/keys.ts';
import { LazyView } from './frame/lazy-view.tsx';
import { NoticeBar } from './frame/notice-bar.tsx';
import { Palette } from './frame/palette.tsx';
import { Shortcuts } from './frame/shortcuts.tsx';
import { SignIn } from './frame/sign-in.tsx';
import { place } from './router.ts';
import { SearchView } from './search/search-view.tsx';
import { isSidebarOpen, Sidebar } from './sidebar/sidebar.tsx';
import { onNews, startFeed } from './state/feed.ts';
import { isOnline } from './state/is-online.ts';
import { forgetSessions, loadSessions } from './state/sessions.ts';
import { token } from './state/token.ts';

export function App() {
  return (
    <>
      {token.value === null ? <SignIn /> : <Frame />}
      <NoticeBar />
    </>
  );
}

/** What a browser with a token sees. */
function Frame() {
  useEffect(() => {
    const closing = new AbortController();
    startFeed(closing.signal);
    void loadSessions();
    const stop = onNews(soon(() => void loadSessions()));
    return () => {
      stop();
      closing.abort();
      forgetSessions();
    };
  }, []);
  useKeys();
  return (
    <div class={isSidebarOpen.value ? 'frame is-sidebar-open' : 'frame'}>
      <a class="skip" href="#main" onClick={focusMain}>
        Skip to the conversation
      </a>
      <Sidebar />
      <main id="main" tabIndex={-1}>
        {!isOnline.value && (
          <p class="offline" role="status">
            No connection to the server. What you type is kept; the page connects again by itself.
          </p>
        )}
        <View />
      </main>
      <Palette />
    </div>
  );
}

const loadCompare = () => import('./compare/compare-view.tsx');
const loadUsage = () => import('./usage/usage-view.tsx');
const loadSettings = () => import('./settings/settings-view.tsx');

function View() {
  const { path, query } = place.value;
  const [view, id] = path;
  switch (view) {
    case 'sessions':
      return <ConversationView key={id ?? ''} id={id ?? ''} at={query.get('at')} />;
    case 'search':
      return <SearchView />;
    case 'shortcuts':
      return <Shortcuts />;
    case 'usage':
      return <LazyView key={view} load={loadUsage} />;
    case 'compare':
      return <LazyView key={view} load={loadCompare} />;
    case 'settings':
      return <LazyView key={view} load={loadSettings} />;
    default:
      return <NewSession />;
  }
}

function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** Many changes at once are one reason to look. */
function soon(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      work();
    }, 150);
  };
}
