import { describe, expect, it } from '@jest/globals';
import { wrapColumns } from './wrap-columns.ts';

const help = [
  'Flags',
  '  -m, --model <value>  the model to ask',
  '      --new            begin a session, whatever SYNAPSE_SESSION says',
  '',
  'A sentence that is longer than some terminals are wide.',
].join('\n');

describe('wrapColumns', () => {
  it('leaves alone what fits', () => {
    expect(wrapColumns(help, 80)).toBe(help);
  });

  it('goes on below the second column', () => {
    expect(wrapColumns(help, 60).split('\n')).toEqual([
      'Flags',
      '  -m, --model <value>  the model to ask',
      '      --new            begin a session, whatever',
      '                       SYNAPSE_SESSION says',
      '',
      'A sentence that is longer than some terminals are wide.',
    ]);
  });

  it('puts the second column on a line of its own where there is hardly any room', () => {
    expect(wrapColumns(help, 34).split('\n')).toEqual([
      'Flags',
      '  -m, --model <value>',
      '    the model to ask',
      '      --new',
      '        begin a session, whatever',
      '        SYNAPSE_SESSION says',
      '',
      'A sentence that is longer than',
      '  some terminals are wide.',
    ]);
  });

  it('makes no line wider than the terminal', () => {
    for (let columns = 12; columns < 70; columns += 1) {
      for (const line of wrapColumns(help, columns).split('\n')) {
        expect(line.length).toBeLessThanOrEqual(columns);
      }
    }
  });
});
