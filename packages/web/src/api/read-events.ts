export interface ServerEvent {
  id: number | null;
  type: string;
  data: unknown;
}

/** Reads server-sent events from the text of a reply, however it is cut into pieces. */
export async function* readEvents(pieces: AsyncIterable<string>): AsyncGenerator<ServerEvent> {
  let rest = '';
  for await (const piece of pieces) {
    const frames = (rest + piece).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      const event = toEvent(frame);
      if (event) yield event;
    }
  }
}

/** Undefined for a frame without data, such as `retry: 1000`. */
function toEvent(frame: string): ServerEvent | undefined {
  const fields = new Map(
    frame.split('\n').map((line): [string, string] => {
      const [name = '', ...words] = line.split(': ');
      return [name, words.join(': ')];
    }),
  );
  const data = fields.get('data');
  if (data === undefined) return undefined;
  const id = fields.get('id');
  const type = fields.get('event') ?? 'message';
  return { id: id === undefined ? null : Number(id), type, data: JSON.parse(data) };
}
