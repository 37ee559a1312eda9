import { useState } from 'preact/hooks';
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
        {...{ class: 'model', type: 'text', list: 'models', autocomplete: 'off', value }}
        aria-label="Model"
        placeholder={usual ?? 'Default model'}
        onFocus={load}
        onInput={({ currentTarget }) => onChange(currentTarget.value.trim())}
      />
      <datalist id="models">
        {models?.map(({ provider, id }) => (
          <option key={`${provider}/${id}`} value={`${provider}/${id}`} />
        ))}
      </datalist>
    </>
  );
}
