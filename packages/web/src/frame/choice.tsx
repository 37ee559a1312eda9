import type { Signal } from '@preact/signals';

interface ChoiceProps<T extends string> {
  label: string;
  /** The values, with their names. */
  choices: Readonly<Record<T, string>>;
  value: Signal<T>;
}

/** One of a few values, which the arrow keys change, too. */
export function Choice<T extends string>({ label, choices, value }: ChoiceProps<T>) {
  return (
    <label class="choice">
      {label}{' '}
      <select
        value={value.value}
        onChange={({ currentTarget }) => (value.value = currentTarget.value as T)}
      >
        {(Object.entries(choices) as [T, string][]).map(([name, title]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
