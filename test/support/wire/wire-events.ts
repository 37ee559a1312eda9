export type WireDialect = 'anthropic' | 'openai-responses' | 'openai-chat';

/** Lines of JSON as server events, the way this dialect puts them on the wire. */
export function toWire(dialect: WireDialect, lines: readonly string[], newline = '\n'): string[] {
  const events = lines.map((line) => {
    const name = dialect === 'openai-chat' ? '' : `event: ${eventName(line)}${newline}`;
    return `${name}data: ${line}${newline}${newline}`;
  });
  return dialect === 'openai-chat' ? [...events, `data: [DONE]${newline}${newline}`] : events;
}

function eventName(line: string): string {
  return (JSON.parse(line) as { type: string }).type;
}
