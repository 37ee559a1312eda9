export interface JoinedSignal {
  signal: AbortSignal;
  /**
   * Call it when the work is over, whether it succeeded or failed: stops the timer and removes the
   * listeners.
   */
  release(): void;
}

/**
 * A signal that aborts when one of `signals` does, with its reason, or with a TimeoutError after
 * `timeoutMs`. Use it instead of `AbortSignal.any` and `AbortSignal.timeout`: on Node 20 the garbage
 * collector takes a joined signal that only a listener waits for, and the limit never fires. Here
 * the timer and the listeners hold the controller.
 */
export function joinSignals(signals: readonly AbortSignal[], timeoutMs?: number): JoinedSignal {
  const controller = new AbortController();
  const stopListening: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  const release = (): void => {
    clearTimeout(timer);
    for (const stop of stopListening) stop();
  };
  const end = (reason: unknown): void => {
    release();
    controller.abort(reason);
  };
  for (const signal of signals) {
    const abort = (): void => end(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    stopListening.push(() => signal.removeEventListener('abort', abort));
  }
  const aborted = signals.find((signal) => signal.aborted);
  if (aborted) {
    end(aborted.reason);
  } else if (timeoutMs !== undefined) {
    timer = setTimeout(
      () => end(new DOMException(`Not done within ${timeoutMs} ms.`, 'TimeoutError')),
      timeoutMs,
    );
  }
  return { signal: controller.signal, release };
}
