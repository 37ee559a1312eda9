import type { CheckFinding } from '@synapse/core';
import { TurnCheck } from '@synapse/core/store-kit';
import type { Database } from './database.ts';

interface TurnRow {
  session_id: string;
  turn: number;
  variant_of: number | null;
  active: number;
}

/**
 * Checks that each place in a conversation has at most one active turn, and that each variant has a
 * place.
 */
export async function checkTurns(database: Database): Promise<CheckFinding[]> {
  const rows = await database.read<TurnRow[]>((tables) => {
    const varied = tables
      .from('messages')
      .where('active', 0)
      .orWhereNotNull('variant_of')
      .select('session_id');
    return tables
      .from('messages')
      .whereIn('session_id', varied)
      .whereNotIn('session_id', tables.from('sessions').whereNot('purged', 0).select('id'))
      .groupBy('session_id', 'turn', 'variant_of', 'active')
      .orderBy('session_id')
      .orderByRaw('min(seq)')
      .select('session_id', 'turn', 'variant_of', 'active');
  });
  const findings: CheckFinding[] = [];
  let check = new TurnCheck();
  rows.forEach((row, index) => {
    const sessionId = row.session_id;
    if (rows[index - 1]?.session_id !== sessionId) check = new TurnCheck();
    const { turn, variant_of: variantOf } = row;
    const fault = check.faultOf({ turn, variantOf, active: row.active === 1 });
    if (fault === undefined) return;
    const text = `A message in turn ${turn} of session ${sessionId} ${fault}.`;
    findings.push({ kind: 'turns', sessionId, text });
  });
  return findings;
}
