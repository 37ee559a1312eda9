import { useSignal } from '@preact/signals';

interface SureButtonProps {
  /** What the button does; the second press says "for good". */
  verb: string;
  /** What it does it to, for those who don't see the button's place. */
  target: string;
  onSure: () => void;
}

/** A button for what can't be undone: it needs a second press, and forgets the first one when it is left. */
export function SureButton({ verb, target, onSure }: SureButtonProps) {
  const isSure = useSignal(false);
  const label = isSure.value ? `${verb} for good` : verb;
  const press = (event: Event) => {
    if (isSure.value) {
      onSure();
      return;
    }
    // The menu around it stays open.
    event.stopPropagation();
    isSure.value = true;
  };
  return (
    <button
      type="button"
      aria-label={`${label}: ${target}`}
      onClick={press}
      onBlur={() => (isSure.value = false)}
    >
      {label}
    </button>
  );
}
