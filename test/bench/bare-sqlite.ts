import sqlite3 from 'sqlite3';

type Value = string | number | null;

export interface BareSqlite {
  rows(sql: string, values?: readonly Value[]): Promise<Record<string, Value>[]>;
  close(): Promise<void>;
}

/** The driver with nothing around it, set as safe as the store sets it. */
export async function openBareSqlite(path: string): Promise<BareSqlite> {
  const database = await new Promise<sqlite3.Database>((resolve, reject) => {
    const opened = new sqlite3.Database(path, (error) => {
      if (error) reject(error);
      else resolve(opened);
    });
  });
  const bare: BareSqlite = {
    rows: (sql, values = []) =>
      new Promise((resolve, reject) => {
        database.all<Record<string, Value>>(sql, values, (error, rows) => {
          if (error) reject(error);
          else resolve(rows);
        });
      }),
    close: () =>
      new Promise((resolve, reject) => {
        database.close((error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
  };
  const settings = ['busy_timeout = 10000', 'synchronous = full', 'foreign_keys = on'];
  for (const setting of [...settings, 'secure_delete = on']) await bare.rows(`pragma ${setting}`);
  return bare;
}
