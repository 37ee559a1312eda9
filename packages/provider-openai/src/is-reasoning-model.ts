/** Models that always think: they take no temperature, and seal their thoughts for the next turn. */
export function isReasoningModel(model: string): boolean {
  return /^(?:o\d|gpt-[5-9](?!.*chat)|codex)/.test(model);
}
