import type { Attachment, Message } from '../api/types.ts';

/** What an answer consists of, stored or still streaming. */
export type Block =
  | { kind: 'text'; text: string; isOpen: boolean }
  | { kind: 'reasoning'; text: string; isOpen: boolean }
  | ToolBlock
  | { kind: 'notice'; text: string }
  | { kind: 'problem'; text: string };

export interface ToolBlock {
  kind: 'tool';
  callId: string;
  name: string;
  /** The arguments as JSON, or as much of it as has arrived. */
  input: string;
  state: 'arriving' | 'asking' | 'running' | 'done' | 'failed';
  output: string;
  attachments: Attachment[];
  /** The message that holds the attachments. */
  messageId: string | null;
  durationMs: number | null;
}

/** The blocks of the answers of a turn, with each result at its call. */
export function toBlocks(messages: readonly Message[]): Block[] {
  const blocks: Block[] = [];
  const tools = new Map<string, ToolBlock>();
  for (const { id, role, parts, status, error } of messages) {
    if (role !== 'assistant' && role !== 'tool') continue;
    for (const part of parts) {
      if (part.type === 'text' || part.type === 'reasoning') {
        blocks.push({ kind: part.type, text: part.text, isOpen: false });
      } else if (part.type === 'tool-call') {
        const input = part.invalidInput ?? JSON.stringify(part.input, null, 2);
        const tool = newTool(part.id, part.name, input);
        tools.set(part.id, tool);
        blocks.push(tool);
      } else if (part.type === 'tool-result') {
        const tool = tools.get(part.id);
        if (!tool) continue;
        tool.state = part.isError ? 'failed' : 'done';
        tool.output = part.output;
        tool.attachments = part.attachments ?? [];
        tool.messageId = id;
      }
    }
    if (status === 'interrupted') blocks.push({ kind: 'notice', text: 'Stopped here.' });
    if (error) blocks.push({ kind: 'problem', text: error.message });
  }
  return blocks;
}

export function newTool(callId: string, name: string, input = ''): ToolBlock {
  return {
    ...{ kind: 'tool', callId, name, input, state: 'arriving' },
    ...{ output: '', attachments: [], messageId: null, durationMs: null },
  };
}

/** The text that a reader would copy. */
export function textOfBlocks(blocks: readonly Block[]): string {
  return blocks.flatMap((block) => (block.kind === 'text' ? [block.text] : [])).join('\n\n');
}
