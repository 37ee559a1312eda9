/** Loads the SDK ahead of the first question, while something else is waited for. */
export async function preloadOpenAi(): Promise<void> {
  await import('openai');
}
