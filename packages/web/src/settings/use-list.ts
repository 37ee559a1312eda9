import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from '../api/client.ts';

interface Loaded<T> {
  items: T[] | null;
  problem: unknown;
}

/** The items of a list, and a function that reads them again. */
export function useList<T>(path: string): [ReadonlySignal<Loaded<T>>, () => Promise<void>] {
  const list = useSignal<Loaded<T>>({ items: null, problem: null });
  const load = async () => {
    try {
      list.value = { items: (await get<{ items: T[] }>(path)).items, problem: null };
    } catch (problem) {
      list.value = { ...list.value, problem };
    }
  };
  useEffect(() => void load(), [path]);
  return [list, load];
}
