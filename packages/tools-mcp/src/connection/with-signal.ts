/**
 * Runs `work` with a signal of its own. The MCP client never takes its listener off a signal, so a
 * longer-lived one would gather them and cancel calls that are long answered.
 */
export async function withSignal<T>(
  signal: AbortSignal,
  work: (own: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
