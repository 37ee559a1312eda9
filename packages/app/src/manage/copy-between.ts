import { FileNotFoundError, UsageError, type CheckFinding, type Store } from '@synapse/core';
import type { CopyReport } from '@synapse/portability';
import type { App } from '../wiring.ts';
import { checkDatabase } from './check-database.ts';
import { copyWithLeases, type ShowWork } from './copy-with-leases.ts';

export interface CopyOutcome extends CopyReport {
  /** Null if no check of the target was requested. */
  findings: CheckFinding[] | null;
}

/** Opens a source that has to exist: opening alone would create one. */
export async function openSource(app: App, url: string): Promise<Store> {
  const location = app.locate(url);
  const summary = await app.inspectStore(url);
  if (!summary || summary.schema.applied.length === 0) {
    const place = location.engine === 'sqlite' ? location.path : (summary?.location ?? '');
    throw new FileNotFoundError(`There is no Synapse database at ${place}.`, {
      hint: 'Give the source first, then the target.',
    });
  }
  return app.openStore({ url });
}

/**
 * Copies into a store that may already have a part of it, and then checks that store if requested.
 */
export async function copyBetween(
  app: App,
  source: Store,
  to: string,
  { isChecked, show }: { isChecked: boolean; show: ShowWork },
): Promise<CopyOutcome> {
  const target = await app.openStore({ url: to });
  try {
    const [{ location: from }, { location }] = await Promise.all([
      source.maintenance.info(),
      target.maintenance.info(),
    ]);
    if (from === location) throw new UsageError('Both addresses are the same database.');
    const report = await show('copying messages', (watched) =>
      copyWithLeases(app, source, target, watched),
    );
    return {
      ...report,
      findings: isChecked ? await checkDatabase(target.maintenance, show) : null,
    };
  } finally {
    await target.close();
  }
}
