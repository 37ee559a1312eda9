import { openSqliteStore } from '@synapse/storage-sqlite';

export interface Inspection {
  ids: Set<string>;
  /** What is wrong with the database, and where numbers are missing. */
  findings: string[];
}

/** Opens what a fault has left, and looks at everything. */
export async function inspectDatabase(path: string, sessionId: string): Promise<Inspection> {
  const store = await openSqliteStore({ path });
  try {
    const findings = (await store.maintenance.check()).map(({ text }) => text);
    const ids = new Set<string>();
    for (;;) {
      const page = await store.sessions.messages(sessionId, { limit: 500, after: ids.size });
      for (const { id, seq } of page) {
        ids.add(id);
        if (seq !== ids.size) findings.push(`Message ${ids.size} is not where it belongs.`);
      }
      if (page.length < 500) return { ids, findings };
    }
  } finally {
    await store.close();
  }
}

export function countLost(acknowledged: readonly string[], { ids }: Inspection): number {
  return acknowledged.filter((id) => !ids.has(id)).length;
}
