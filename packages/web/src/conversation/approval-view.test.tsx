import { expect, it } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { ApprovalView } from './approval-view.tsx';
import { newTool } from './blocks.ts';
import { ToolView } from './tool-view.tsx';

const hidden = 'rm \u202Efile\u200B';
const shown = /rm <span[^>]*>U\+202E<\/span>file<span[^>]*>U\+200B<\/span>/g;

it('shows every character of a call to the person who decides about it', () => {
  const question = {
    ...{ tool: 'shell', effect: 'execute', reason: hidden, warnings: [hidden] },
    ...{ details: [{ name: 'command', text: hidden }], rules: [hidden] },
  };
  const approval = { id: 'a', sessionId: 's', callId: 'call_1', question };
  const html = renderToString(<ApprovalView approval={approval} decide={() => undefined} />);
  expect(html.match(shown)).toHaveLength(4);
});

it('shows every character of a call that was made', () => {
  const tool = newTool('call_1', 'shell', JSON.stringify({ command: hidden }));
  const html = renderToString(<ToolView tool={tool} sessionId="s" />);
  expect(html.match(shown)).toHaveLength(2);
});
