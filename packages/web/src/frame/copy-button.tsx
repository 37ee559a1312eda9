import { useState } from 'preact/hooks';
import { tellProblem } from '../state/notices.ts';

/** Copies a text that is only made when it is wanted. */
export function CopyButton({ label, text }: { label: string; text: () => string }) {
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text());
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return (
    <button onClick={() => void copy().catch(tellProblem)}>{isDone ? 'Copied' : label}</button>
  );
}
