import type sqlite3 from 'sqlite3';
import type { Database } from 'sqlite3';

/** The driver's calls as promises. */
export function openConnection(
  driver: typeof sqlite3,
  path: string,
  mode: number = driver.OPEN_READWRITE | driver.OPEN_CREATE,
): Promise<Database> {
  return new Promise((resolve, reject) => {
    const connection = new driver.Database(path, mode, (error) => {
      if (error) reject(error);
      else resolve(connection);
    });
  });
}

export function execute(connection: Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.exec(sql, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

export function readRow<T>(connection: Database, sql: string): Promise<T> {
  return new Promise((resolve, reject) => {
    connection.get<T>(sql, (error, row) => {
      if (error) reject(error);
      else resolve(row);
    });
  });
}

export function readRows<T>(connection: Database, sql: string): Promise<T[]> {
  return new Promise((resolve, reject) => {
    connection.all<T>(sql, (error, rows) => {
      if (error) reject(error);
      else resolve(rows);
    });
  });
}

export function closeConnection(connection: Database): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.close((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
