/** Loads the SDK ahead of the first question, while something else is waited for. */
export async function preloadAnthropic(): Promise<void> {
  await import('@anthropic-ai/sdk');
}
