import { describe, expect, it } from '@jest/globals';
import { editOutside } from './edit-outside.ts';

describe('edit-outside', () => {
  it('passes the text to the editor and reads it back', async () => {
    const EDITOR = `sh -c 'test -n "$(find "$1" -perm 600)" && printf "more\\n" >>"$1"' sh`;
    expect(await editOutside('some text ', { EDITOR })).toBe('some text more');
  });

  it('prefers VISUAL to EDITOR, and keeps its arguments', async () => {
    const environment = { VISUAL: `sh -c 'echo two >"$1"' sh`, EDITOR: 'false' };
    expect(await editOutside('one', environment)).toBe('two');
  });

  it('names the editor that failed', async () => {
    await expect(editOutside('one', { EDITOR: 'false' })).rejects.toMatchObject({
      code: 'SYNAPSE_USAGE',
      message: 'The editor "false" failed; the text is unchanged.',
    });
  });
});
