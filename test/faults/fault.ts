import { isInstalled } from '../support/fault-process.ts';

export const tiers = ['pull', 'nightly', 'release'] as const;
export type Tier = (typeof tiers)[number];

export type Figures = Record<string, number>;

/** Breaks something in a way of its own and counts what came of it. */
export interface Fault {
  id: string;
  what: string;
  run(tier: Tier, seed: number): Promise<Figures>;
  /** Whether the figures are those that are promised. */
  holds(figures: Figures): boolean;
  /** Programs without which it can't run. */
  needs?: readonly string[];
  /** What else is not there that it can't run without. */
  lacks?: () => string | undefined;
}

/** Why a fault can't run here; empty where it can. */
export function missingFor({ needs = [], lacks }: Fault): string {
  const programs = needs.filter((program) => !isInstalled(program));
  return [...programs, lacks?.()].filter(Boolean).join(', ');
}

/** The figures of a tier, smallest first. */
export function scaled(tier: Tier, pull: number, nightly: number, release: number): number {
  return { pull, nightly, release }[tier];
}

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
