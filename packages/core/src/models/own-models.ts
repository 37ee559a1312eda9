import { withoutDate } from '../providers/is-same-model.ts';
import type { ModelFacts, StructuredOutput, Thinking } from './known-model.ts';

/**
 * One `[models."<model>"]` or `[prices."<model>"]` table, with the keys of the configuration file.
 */
export interface ModelSettings {
  /** US dollars per million tokens. */
  input?: number | null | undefined;
  output?: number | null | undefined;
  cache_read?: number | null | undefined;
  cache_write?: number | null | undefined;
  /** The context window, in tokens. */
  context?: number | null | undefined;
  /** The longest answer, in tokens. */
  max_output?: number | null | undefined;
  thinking?: Thinking | null | undefined;
  temperature?: boolean | null | undefined;
  images?: boolean | null | undefined;
  pdf?: boolean | null | undefined;
  tools?: boolean | null | undefined;
  structured_output?: StructuredOutput | null | undefined;
}

/** By model or `provider/model`. */
export type ModelOverrides = Readonly<Record<string, ModelSettings>>;

/** The facts from the settings; a table for this provider and this version comes first. */
export function findOwn(
  provider: string,
  model: string,
  overrides: ModelOverrides,
): ModelSettings | null {
  for (const name of [model, withoutDate(model)]) {
    for (const key of [`${provider}/${name}`, name]) {
      if (Object.hasOwn(overrides, key)) return overrides[key] ?? null;
    }
  }
  return null;
}

export function overriddenFacts(own: ModelSettings): Partial<ModelFacts> {
  const said = {
    contextTokens: own.context,
    maxOutputTokens: own.max_output,
    thinking: own.thinking,
    takesTemperature: own.temperature,
    readsImages: own.images,
    readsPdf: own.pdf,
    takesTools: own.tools,
    structuredOutput: own.structured_output,
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value != null));
}
