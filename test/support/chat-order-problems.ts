/** Each call of an answer is followed by one result, which is what providers insist on. */
export function chatOrderProblems(messages: unknown): string[] {
  const problems: string[] = [];
  let open: string[] = [];
  for (const message of messages as {
    role: string;
    tool_calls?: { id: string }[];
    tool_call_id?: string;
  }[]) {
    if (message.role === 'tool') {
      if (open.shift() !== message.tool_call_id) problems.push('a result without its call');
      continue;
    }
    if (open.length > 0) problems.push(`${open.length} calls without results`);
    open = (message.tool_calls ?? []).map(({ id }) => id);
  }
  return open.length > 0 ? [...problems, 'the last calls have no results'] : problems;
}
