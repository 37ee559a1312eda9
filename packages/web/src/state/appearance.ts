import { effect, signal } from '@preact/signals';
import { readStored, writeStored } from './stored.ts';

export type Theme = 'system' | 'light' | 'dark';
export type TextSize = 'small' | 'normal' | 'large';

function chosen<T extends string>(name: string, values: readonly T[], usual: T) {
  const kept = readStored(name);
  return signal<T>(values.find((value) => value === kept) ?? usual);
}

export const theme = chosen<Theme>('theme', ['system', 'light', 'dark'], 'system');
export const textSize = chosen<TextSize>('text-size', ['small', 'normal', 'large'], 'normal');
export const isMotionReduced = signal(readStored('reduced-motion') === 'yes');

/** Puts the choices on the document, now and whenever they change. */
export function applyAppearance(): void {
  effect(() => {
    const { dataset } = document.documentElement;
    dataset.theme = theme.value;
    dataset.textSize = textSize.value;
    dataset.motion = isMotionReduced.value ? 'reduced' : 'usual';
    writeStored('theme', theme.value === 'system' ? null : theme.value);
    writeStored('text-size', textSize.value === 'normal' ? null : textSize.value);
    writeStored('reduced-motion', isMotionReduced.value ? 'yes' : null);
  });
}
