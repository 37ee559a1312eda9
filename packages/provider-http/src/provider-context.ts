/** The context of a failure: the provider's name, and the secrets that must not appear in messages. */
export interface ProviderContext {
  provider: string;
  /** Keys and tokens; they are removed from everything that a server reports. */
  secrets: readonly string[];
}
