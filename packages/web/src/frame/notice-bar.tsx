import { useEffect } from 'preact/hooks';
import { notice } from '../state/notices.ts';

const SHOWN_MS = 8000;

export function NoticeBar() {
  const current = notice.value;
  useEffect(() => {
    if (!current || current.isProblem) return;
    const timer = setTimeout(() => {
      if (notice.peek() === current) notice.value = null;
    }, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [current]);
  return (
    <div class="notices" role={current?.isProblem ? 'alert' : 'status'}>
      {current && (
        <div class={current.isProblem ? 'notice is-problem' : 'notice'}>
          <span>
            {current.text} {current.hint}
          </span>
          {current.action && (
            <button
              onClick={() => {
                notice.value = null;
                current.action?.run();
              }}
            >
              {current.action.label}
            </button>
          )}
          <button aria-label="Dismiss" onClick={() => (notice.value = null)}>
            ×
          </button>
        </div>
      )}
    </div>
  );
}
