import { AttachmentView } from './attachment-view.tsx';
import { ToolOutput } from '../diff/tool-output.tsx';
import { toVisible } from '../markdown/visible-text.tsx';
import type { ToolBlock } from './blocks.ts';

const states: Readonly<Record<ToolBlock['state'], string>> = {
  arriving: 'preparing',
  asking: 'waits for approval',
  running: 'running',
  done: 'done',
  failed: 'failed',
};

/** A call with its arguments and its output, in one line until it is opened. */
export function ToolView({ tool, sessionId }: { tool: ToolBlock; sessionId: string }) {
  const { name, input, state, output, attachments, messageId, durationMs } = tool;
  return (
    <details class="tool" open={state === 'failed' || state === 'running'}>
      <summary>
        <code>{toVisible(name)}</code> <bdi class="tool-summary">{toVisible(summarise(input))}</bdi>{' '}
        <small class={`tool-state is-${state}`}>
          {states[state]}
          {durationMs !== null && durationMs >= 100 && `, ${(durationMs / 1000).toFixed(1)} s`}
        </small>
      </summary>
      {input !== '' && input !== '{}' && (
        <pre tabIndex={0} aria-label="Arguments">
          <code>{toVisible(input)}</code>
        </pre>
      )}
      {output !== '' && <ToolOutput output={output} isError={state === 'failed'} />}
      {messageId !== null &&
        attachments.map((attachment) => (
          <AttachmentView key={attachment.sha256} {...{ sessionId, messageId, attachment }} />
        ))}
    </details>
  );
}

/** The value that tells the most about a call, such as its path or command. */
function summarise(input: string): string {
  try {
    const values = Object.values(JSON.parse(input) as object);
    const text = values.find((value): value is string => typeof value === 'string') ?? '';
    return text.split('\n')[0]?.slice(0, 120) ?? '';
  } catch {
    return '';
  }
}
