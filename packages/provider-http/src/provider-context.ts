/** What a failure is told with: who failed, and what must never be said about it. */
export interface ProviderContext {
  provider: string;
  /** Keys and tokens; they are struck out of whatever a server says. */
  secrets: readonly string[];
}
