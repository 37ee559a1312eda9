import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { historyPlaces } from './history-places.ts';
import { historyTools } from './history-tools.ts';

const home = '/home/me';
const placesOf = async (machine: Partial<Parameters<typeof historyPlaces>[0]>) => {
  const places = await historyPlaces({ environment: {}, platform: 'linux', home, ...machine });
  return (tool: string) => places.filter((place) => place.tool === tool).map(({ path }) => path);
};

it('knows the places of each platform', async () => {
  const linux = await placesOf({});
  expect(linux('claude-code')).toEqual([
    '/home/me/.claude/projects',
    '/home/me/.config/claude/projects',
  ]);
  expect(linux('codex')).toEqual(['/home/me/.codex/sessions', '/home/me/.codex/archived_sessions']);
  expect(linux('llm')).toEqual(['/home/me/.config/io.datasette.llm/logs.db']);
  const mac = await placesOf({ platform: 'darwin' });
  expect(mac('llm')).toEqual(['/home/me/Library/Application Support/io.datasette.llm/logs.db']);
  const windows = await placesOf({ platform: 'win32', home: 'C:\\Users\\me' });
  expect(windows('goose')).toEqual([
    'C:\\Users\\me\\AppData\\Roaming\\Block\\goose\\data\\sessions',
  ]);
});

it("follows the tools' own variables", async () => {
  const places = await placesOf({
    environment: {
      CLAUDE_CONFIG_DIR: '/a,/b',
      CODEX_HOME: '/c',
      GEMINI_CLI_HOME: '/g',
      XDG_DATA_HOME: '',
    },
  });
  expect(places('claude-code')).toEqual(['/a/projects', '/b/projects']);
  expect(places('codex')).toEqual(['/c/sessions', '/c/archived_sessions']);
  expect(places('gemini-cli')).toEqual(['/g/.gemini/tmp']);
  expect(places('opencode')).toContain('/home/me/.local/share/opencode/opencode.db');
});

it('finds the database of Crush in each of its projects', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-places-'));
  try {
    const projects = [{ path: '/p' }, { path: '/q', data_dir: '/data/q' }, 'broken'];
    writeFileSync(join(folder, 'projects.json'), JSON.stringify({ projects }));
    const places = await placesOf({ environment: { CRUSH_GLOBAL_DATA: folder } });
    expect(places('crush')).toEqual(['/p/.crush/crush.db', '/data/q/crush.db']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('names only tools that have a format', async () => {
  const places = await historyPlaces({ environment: {}, platform: 'linux', home });
  expect(places.filter(({ tool }) => !historyTools.includes(tool))).toEqual([]);
});
