import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A view whose script comes when it is first opened. */
export function LazyView({ load }: { load: () => Promise<{ default: ComponentType }> }) {
  const [View, setView] = useState<ComponentType | null>(null);
  const [hasFailed, setFailed] = useState(false);
  useEffect(() => {
    load()
      .then((loaded) => setView(() => loaded.default))
      .catch(() => setFailed(true));
  }, [load]);
  if (View) return <View />;
  if (!hasFailed) return <p class="view-state">Loading …</p>;
  return (
    <p class="view-state" role="alert">
      The server has another version by now, or does not answer. Reload the page.
    </p>
  );
}
