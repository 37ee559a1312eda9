import type { ServerEvent } from '../api/read-events.ts';
import type { Attachment, Message, Run } from '../api/types.ts';
import { newTool, toBlocks, type Block, type ToolBlock } from './blocks.ts';

/** An answer while it is made: the events of its run up to a position. */
export interface LiveAnswer {
  blocks: readonly Block[];
  model: string | null;
  usage: { inputTokens: number; outputTokens: number } | null;
  state: Run['state'];
}

export const emptyAnswer: LiveAnswer = { blocks: [], model: null, usage: null, state: 'active' };

/** The answer after one more event. Blocks that an event does not concern stay the same objects. */
export function foldRun(answer: LiveAnswer, { type, data }: ServerEvent): LiveAnswer {
  const event = data as EventData;
  const { blocks } = answer;
  const last = blocks.at(-1);
  const withBlocks = (changed: readonly Block[]) => ({ ...answer, blocks: changed });
  switch (type) {
    case 'reset':
      return { ...emptyAnswer, state: event.run.state, blocks: toBlocks(event.messages) };
    case 'started':
      return { ...answer, model: event.model };
    case 'text-delta':
    case 'reasoning-delta': {
      const kind = type === 'text-delta' ? 'text' : 'reasoning';
      if (last?.kind === kind && last.isOpen) {
        return withBlocks([...blocks.slice(0, -1), { ...last, text: last.text + event.text }]);
      }
      return withBlocks([...closed(blocks), { kind, text: event.text, isOpen: true }]);
    }
    case 'text-end':
    case 'reasoning-end':
    case 'answer-end':
      return withBlocks(closed(blocks));
    case 'notice':
      return withBlocks([...closed(blocks), { kind: 'notice', text: event.text }]);
    case 'usage':
      return { ...answer, usage: event.usage };
    case 'tool-call-start':
      return withBlocks([...closed(blocks), newTool(event.callId, event.name)]);
    case 'tool-call-delta':
      return withBlocks(
        changeTool(blocks, event, (tool) => ({ input: tool.input + event.inputText })),
      );
    case 'tool-call': {
      const input = JSON.stringify(event.input, null, 2);
      const known = blocks.some((block) => block.kind === 'tool' && block.callId === event.callId);
      if (!known) return withBlocks([...closed(blocks), newTool(event.callId, event.name, input)]);
      return withBlocks(changeTool(blocks, event, () => ({ input })));
    }
    case 'tool-approval':
      return withBlocks(changeTool(blocks, event, () => ({ state: 'asking' })));
    case 'tool-start':
      return withBlocks(changeTool(blocks, event, () => ({ state: 'running' })));
    case 'tool-end': {
      const { output, isError, attachments, durationMs } = event;
      const state = isError ? 'failed' : 'done';
      return withBlocks(
        changeTool(blocks, event, () => ({ state, output, attachments, durationMs })),
      );
    }
    case 'storage-failed':
      return withBlocks([...closed(blocks), { kind: 'problem', text: event.error?.message ?? '' }]);
    case 'run-ended': {
      const { outcome, error } = event;
      const ended = error ? [{ kind: 'problem' as const, text: error.message }] : [];
      return { ...answer, state: outcome, blocks: [...closed(blocks), ...ended] };
    }
    default:
      return answer;
  }
}

/** The fields of all events; the type of an event says which of them it has. */
interface EventData {
  text: string;
  model: string;
  usage: LiveAnswer['usage'];
  callId: string;
  name: string;
  inputText: string;
  input: object;
  output: string;
  isError: boolean;
  attachments: Attachment[];
  durationMs: number;
  error: { message: string } | null;
  outcome: Run['state'];
  run: Run;
  messages: Message[];
}

/** With the last block finished: nothing is added to it any more. */
function closed(blocks: readonly Block[]): readonly Block[] {
  const last = blocks.at(-1);
  if (!last || !('isOpen' in last) || !last.isOpen) return blocks;
  return [...blocks.slice(0, -1), { ...last, isOpen: false }];
}

function changeTool(
  blocks: readonly Block[],
  { callId }: EventData,
  change: (tool: ToolBlock) => Partial<ToolBlock>,
): readonly Block[] {
  return blocks.map((block) =>
    block.kind === 'tool' && block.callId === callId ? { ...block, ...change(block) } : block,
  );
}
