import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

describe('the picture of a terminal in README', () => {
  it('shows what the command prints', () => {
    const args = ['scripts/terminal-picture.mjs', '--check'];
    const { stderr, status } = spawnSync(process.execPath, args, {
      encoding: 'utf8',
      timeout: 150_000,
    });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });
});
