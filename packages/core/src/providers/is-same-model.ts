import type { Message } from '../session/message.ts';

/**
 * `claude-x` and `claude-x-20260924` are one model: a request for the first is answered with the
 * dated name.
 */
function isSameModel(a: string, b: string): boolean {
  return a === b || withoutDate(a) === withoutDate(b);
}

/** The provider and model of a request, under the names of the settings. */
export interface Answerer {
  provider: string;
  model: string;
}

type Origin = Partial<Pick<Message, 'provider' | 'model' | 'askedProvider' | 'askedModel'>>;

/**
 * Whether `answerer` was asked for this answer. Older messages record only the model that answered.
 */
export function wasAskedOf(answerer: Answerer, message: Origin): boolean {
  const { provider, model, askedProvider, askedModel } = message;
  if (askedProvider != null && askedModel != null) {
    return askedProvider === answerer.provider && askedModel === answerer.model;
  }
  return provider === answerer.provider && !!model && isSameModel(model, answerer.model);
}

export function withoutDate(model: string): string {
  return model.replace(/-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, '');
}

/**
 * Whether a search for `wanted` finds `model`: by its name, with or without the date of a version.
 * It treats digits as loosely as the pattern of an SQL engine has to.
 */
export function isModelOrDated(model: string, wanted: string): boolean {
  if (!model.startsWith(wanted)) return false;
  return /^(?:|-latest|-20[^]{6}|-20[^]{2}-[^]{2}-[^]{2})$/u.test(model.slice(wanted.length));
}
