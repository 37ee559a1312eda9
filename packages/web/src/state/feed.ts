import { follow } from '../api/follow.ts';
import type { Change } from '../api/types.ts';

/** What happened; `reset` means that changes may be missing, and all that is shown is read again. */
export type News = { type: 'changes'; changes: Change[] } | { type: 'reset' };

const listeners = new Set<(news: News) => void>();

export function onNews(listener: (news: News) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(news: News): void {
  for (const listener of [...listeners]) listener(news);
}

/**
 * Follows the changes of the store in one tab of the browser, which tells the others: a browser opens
 * only six connections to a server. When that tab is closed, the next one takes its place.
 */
export function startFeed(signal: AbortSignal): void {
  const channel = new BroadcastChannel('synapse-changes');
  channel.onmessage = ({ data }) => tell(data as News);
  const share = (news: News) => {
    channel.postMessage(news);
    tell(news);
  };
  const lead = async () => {
    let hasBegun = false;
    await follow({
      path: (position) => `/api/events?since=${position ?? 'now'}`,
      onEvent({ type, data }) {
        if (type === 'changes') share({ type, changes: (data as { changes: Change[] }).changes });
        // Changes between the tab before and this one, or before a long sleep, are unknown.
        if (type === 'reset' || (type === 'ready' && !hasBegun)) share({ type: 'reset' });
        hasBegun = true;
        return true;
      },
      signal,
    });
  };
  navigator.locks.request('synapse-changes', { signal }, lead).catch(() => undefined);
  signal.addEventListener('abort', () => channel.close());
}
