import { describe, expect, it } from '@jest/globals';
import { createNotices, type Notices } from './notices.ts';

const hostile = 'a\u001b[2Jb\u202ec';

function written(work: (notices: Notices) => void, options?: { isQuiet: boolean }): string {
  let text = '';
  const stream = { write: (chunk: string | Uint8Array) => Boolean((text += String(chunk))) };
  work(createNotices(stream, options));
  return text;
}

describe('notices', () => {
  it.each([
    ['notify', 'synapse: abc\n'],
    ['warn', 'synapse: abc\n'],
    ['print', 'abc\n'],
  ] as const)('filter %s for a terminal', (name, line) => {
    expect(written((notices) => notices[name](hostile))).toBe(line);
  });

  it('indent further lines, so that none of them looks like another notice', () => {
    expect(written(({ warn }) => warn('one\nsynapse: two'))).toBe('synapse: one\n  synapse: two\n');
  });

  it('with --quiet, drop notices and keep warnings', () => {
    const work = ({ notify, warn, print }: Notices) => {
      notify('may');
      warn('must');
      print('Yes or no?');
    };
    expect(written(work, { isQuiet: true })).toBe('synapse: must\nYes or no?\n');
  });
});
