/** Care for the database itself. */
export interface StoreMaintenance {
  /** What is where, how large it is, and how far it is migrated. */
  info(): Promise<StoreInfo>;
}

export interface StoreInfo {
  engine: 'memory' | 'sqlite' | 'postgres';
  /** The file or the address, without a password. */
  location: string;
  engineVersion: string;
  schemaVersion: number;
  sessionCount: number;
  messageCount: number;
  byteSize: number;
}
