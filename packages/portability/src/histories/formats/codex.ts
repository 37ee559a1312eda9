import { basename, dirname, resolve } from 'node:path';
import type { JsonObject } from '@synapse/core';
import { Rollout } from './codex-rollout.ts';
import { readBeside } from '../file-beside.ts';
import { unpack } from '../history-files.ts';
import type { History, HistoryFile, HistoryFormat, Skip } from '../history.ts';
import { readJsonLines } from '../json-lines.ts';
import { asRecord, recordIn, textIn, timeIn } from '../json-values.ts';
import { withSpool, type PartSpool } from '../part-spool.ts';
import { parseJson } from '../tool-values.ts';

/** The rollouts of Codex: `sessions/YYYY/MM/DD/rollout-<time>-<id>.jsonl`. */
export const codex: HistoryFormat = {
  tool: 'codex',

  detects: ({ path }, beginning) =>
    path.endsWith('.jsonl') &&
    (/"type" ?: ?"(session_meta|response_item|turn_context|event_msg)"/.test(beginning) ||
      /^\uFEFF?\{[^\n]*"id"[^\n]*"instructions"/.test(beginning)),

  read: (file, skip) => withSpool((spool) => readRollout(file, spool, skip)),
};

async function readRollout(file: HistoryFile, spool: PartSpool, skip: Skip): Promise<History[]> {
  const rollout = new Rollout(spool);
  await fill(rollout, file, skip);
  rollout.finish(skip);
  if (rollout.nodes.length === 0) return [];
  const { meta } = rollout;
  const version = textIn(meta, 'cli_version');
  const forkedFrom =
    textIn(meta, 'forked_from_id') ?? textIn(recordIn(meta, 'history_base'), 'thread_id');
  const spawn = recordIn(recordIn(recordIn(meta, 'source'), 'subagent'), 'thread_spawn');
  const id = textIn(meta, 'id') ?? idOf(file) ?? file.path;
  return [
    {
      id,
      title: rollout.title ?? (await titleOf(file, id)),
      createdAt: timeIn(meta, 'timestamp') ?? rollout.nodes[0]?.createdAt ?? file.modifiedAt,
      workingDirectory: textIn(meta, 'cwd') ?? rollout.workingDirectory,
      model: rollout.model,
      provider: textIn(meta, 'model_provider') ?? 'openai',
      parentId: textIn(spawn, 'parent_thread_id'),
      copiedFromId: rollout.copiedFromId,
      metadata: { ...(version && { version }), ...(forkedFrom && { forkedFrom }) },
      nodes: rollout.nodes,
      activeId: rollout.tip?.id ?? null,
    },
  ];
}

function idOf({ path }: HistoryFile): string | undefined {
  return /([0-9a-f-]{36})\.jsonl(\.zst)?$/.exec(path)?.[1];
}

/** The name that the user gave to a thread, which some versions keep in a list beside the rollouts. */
async function titleOf(file: HistoryFile, id: string): Promise<string | null> {
  const up = levelsAbove(file).at(-1) ?? 0;
  if (up === 0) return null;
  const list =
    (await readBeside(file, ...Array<string>(up).fill('..'), 'session_index.jsonl')) ?? '';
  const names = list.split('\n').flatMap((line) => {
    const record = line.includes(id) ? asRecord(parseJson(line)) : {};
    return record.id === id ? (textIn(record, 'thread_name') ?? []) : [];
  });
  return names.at(-1) ?? null;
}

/**
 * Reads a file into a rollout, up to a place in it. A fork holds only its own messages and refers to a place in the
 * rollout before it, which is read first.
 */
async function fill(
  rollout: Rollout,
  file: HistoryFile,
  skip: Skip,
  end = Infinity,
  seen: readonly string[] = [],
): Promise<void> {
  let isFirst = true;
  for await (const { number, record, byteLength } of readJsonLines(file, skip)) {
    const { ordinal = number - 1 } = record;
    const isBefore = typeof ordinal !== 'number' || ordinal < end;
    if (!isBefore && !isFirst) return;
    if (isBefore && !rollout.add(record, byteLength))
      skip(`line ${number}`, 'has no known type', true);
    if (isFirst) {
      const meta = recordIn(record, 'payload');
      const ids = [...seen, textIn(meta, 'id') ?? idOf(file) ?? ''];
      await fillBase(rollout, recordIn(meta, 'history_base'), file, skip, end, ids);
    }
    isFirst = false;
  }
}

async function fillBase(
  rollout: Rollout,
  base: JsonObject,
  file: HistoryFile,
  skip: Skip,
  end: number,
  seen: readonly string[],
): Promise<void> {
  const id = textIn(base, 'thread_id');
  if (id === undefined) return;
  const found = seen.includes(id) ? undefined : await findRollout(file, id);
  if (!found) {
    skip(
      'line 1',
      `continues ${id}, whose file is missing: the messages before are in that session`,
    );
    return;
  }
  const name = basename(found.path);
  const baseEnd = base.end_ordinal_exclusive;
  await fill(
    rollout,
    found,
    (place, reason, isDamage) => {
      skip(`${place} of ${name}`, reason, isDamage);
    },
    typeof baseEnd === 'number' ? Math.min(baseEnd, end) : end,
    seen,
  );
  rollout.endBase();
}

/** The rollout of this id: near the file, then in all of the folder of Codex. A compressed copy comes second. */
async function findRollout(file: HistoryFile, id: string): Promise<HistoryFile | undefined> {
  for (const levelsUp of levelsAbove(file)) {
    const files = (await file.around?.(levelsUp)) ?? [];
    const found =
      files.find(({ path }) => path.endsWith(`${id}.jsonl`)) ??
      files.find(({ path }) => path.endsWith(`${id}.jsonl.zst`));
    if (!found) continue;
    for await (const unpacked of unpack(found, () => undefined)) return unpacked;
  }
  return undefined;
}

/** Only folders that belong to Codex are searched. */
function levelsAbove({ path }: HistoryFile): readonly number[] {
  const folder = dirname(resolve(path)).replaceAll('\\', '/');
  if (/\/sessions\/\d{4}\/\d\d\/\d\d$/.test(folder)) return [0, 3, 4];
  return folder.endsWith('/archived_sessions') ? [0, 1] : [0];
}
