import type { Receipt, ReceiptStore } from '@synapse/core/server';
import type { Database } from './database.ts';
import type { ReceiptRow } from './rows.ts';

export class KnexReceiptStore implements ReceiptStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async keep({ tokenId, key, fingerprint, at }: Receipt, keptSince: Date): Promise<Receipt> {
    const row = { token_id: tokenId, key, fingerprint, kept_at: at.getTime() };
    const [kept] = await this.#database.write(
      async (tables) => {
        await tables.from('receipts').where('kept_at', '<', keptSince.getTime()).delete();
        await tables.from('receipts').insert(row).onConflict(['token_id', 'key']).ignore();
        const own = tables.from('receipts').where({ token_id: tokenId, key });
        await own.clone().where('kept_at', '<', row.kept_at).update({ kept_at: row.kept_at });
        return own;
      },
      { isRepeatable: true },
    );
    return fromRow(kept ?? row);
  }

  async find(tokenId: string, key: string): Promise<Receipt | undefined> {
    const [row] = await this.#database.read((tables) =>
      tables.from('receipts').where({ token_id: tokenId, key }),
    );
    return row && fromRow(row);
  }
}

function fromRow({ token_id: tokenId, key, fingerprint, kept_at }: ReceiptRow): Receipt {
  return { tokenId, key, fingerprint, at: new Date(kept_at) };
}
