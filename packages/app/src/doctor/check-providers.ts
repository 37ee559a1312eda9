import { joinSignals } from '@synapse/core';
import { describeKey } from '../models/find-keys.ts';
import { listModels } from '../models/list-models.ts';
import { readinessOf, type Readiness } from '../models/readiness.ts';
import type { App } from '../wiring.ts';
import { failedCheck, ok, warn, type Check } from './check.ts';

/**
 * Reports which keys exist, and never the keys; with `isOnline`, whether providers with a key
 * answer.
 */
export async function checkProviders(app: App, isOnline: boolean): Promise<Check[]> {
  try {
    const all = await readinessOf(app);
    const ready = all.filter(({ key }) => key.source !== null);
    const asked = isOnline ? all.filter(isWorthAsking) : [];
    return [
      ...ready.map(({ name, key }) => ok('key', `${name}: ${describeKey(key)}`)),
      ...(ready.length > 0
        ? []
        : [
            warn(
              'key',
              'no provider has a key',
              'synapse keys set <provider>, a local server, or --provider demo',
            ),
          ]),
      ...(await Promise.all(asked.map((provider) => checkAnswer(app, provider)))),
    ];
  } catch (error) {
    return [failedCheck('key', error)];
  }
}

function isWorthAsking({ missing, isLocal, dialect }: Readiness): boolean {
  return missing === null && !isLocal && dialect !== 'demo';
}

async function checkAnswer(app: App, { name, baseUrl }: Readiness): Promise<Check> {
  const startedAt = app.clock.monotonicMs();
  const limit = joinSignals([], 20_000);
  try {
    const options = { isRefresh: true, signal: limit.signal };
    const models = await listModels(app, name, options);
    const elapsedMs = Math.round(app.clock.monotonicMs() - startedAt);
    return ok('provider', `${name} answers in ${elapsedMs} ms with ${models.length} models`);
  } catch (error) {
    const check = failedCheck('provider', error);
    return { ...check, text: `${name} at ${baseUrl ?? ''}: ${check.text}` };
  } finally {
    limit.release();
  }
}
