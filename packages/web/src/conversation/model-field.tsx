import { useId, useState } from 'preact/hooks';
import { get } from '../api/client.ts';
import type { Model } from '../api/types.ts';

/** A model by its name; the names come when they are first needed. */
export function ModelField({
  value,
  usual,
  onChange,
}: {
  value: string;
  usual: string | null;
  onChange: (value: string) => void;
}) {
  const listId = useId();
  const [models, setModels] = useState<readonly Model[] | null>(null);
  const load = () => {
    if (models !== null) return;
    setModels([]);
    get<{ items: Model[] }>('/api/models')
      .then(({ items }) => setModels(items))
      .catch(() => setModels(null));
  };
  return (
    <>
      <input
        {...{ class: 'model', type: 'text', list: listId, autocomplete: 'off', value }}
        aria-label="Model"
        placeholder={usual ?? 'Default model'}
        onFocus={load}
        onInput={({ currentTarget }) => onChange(currentTarget.value.trim())}
      />
      <datalist id={listId}>
        {models?.map(({ provider, id }) => (
          <option key={`${provider}/${id}`} value={`${provider}/${id}`} />
        ))}
      </datalist>
    </>
  );
}
