import type { App, OpenModel } from '@synapse/app/wiring';

const MOST_OPEN = 100;

/** The models that clients have asked for: a provider learns about its server as it is used. */
export class OpenModels {
  readonly #app: Pick<App, 'openModel' | 'settings'>;
  readonly #models = new Map<string, Promise<OpenModel>>();

  constructor(app: Pick<App, 'openModel' | 'settings'>) {
    this.#app = app;
  }

  /** `name` is a model, `provider/model` or an alias; null for the model of the settings. */
  open(name: string | null): Promise<OpenModel> {
    const key = name ?? '';
    const known = this.#models.get(key);
    if (known) return known;
    const { provider, model } = this.#app.settings;
    const opening = this.#app.openModel(
      name === null
        ? { provider, model }
        : { provider: null, model: name, usualProvider: provider },
    );
    if (this.#models.size >= MOST_OPEN) this.#models.clear();
    this.#models.set(key, opening);
    opening.catch(() => this.#models.delete(key));
    return opening;
  }
}
