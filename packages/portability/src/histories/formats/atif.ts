import type { JsonObject } from '@synapse/core';
import { partsOfStep, addResults, stepUsage, type AtifStep } from './atif-steps.ts';
import type { History, HistoryFormat, Skip } from '../history.ts';
import { readJsonElements } from '../json-elements.ts';
import { asRecord, countIn, listIn, recordIn, textIn, timeIn, without } from '../json-values.ts';
import { plainText, toNodes, type TreeMessage } from '../message-tree.ts';

/** The Agent Trajectory Interchange Format, any version 1, as Synapse exports it, and as others bend it. */
export const atif: HistoryFormat = {
  tool: 'atif',

  detects: ({ path }, beginning) =>
    path.endsWith('.json') &&
    /^\uFEFF?\s*[[{]/.test(beginning) &&
    /"schema_version" ?: ?"(ATIF-)?v?1\.\d/.test(beginning) &&
    /"steps" ?: ?\[/.test(beginning) &&
    /"agent" ?: ?[{"]/.test(beginning),

  async *read(file, skip) {
    for await (const { number, record } of readJsonElements(file, 'trajectories', skip)) {
      const given = textIn(record, 'trajectory_id') ?? textIn(record, 'session_id');
      const id = given ?? `${file.path.split(/[/\\]/).at(-1)} ${number}`;
      yield* toHistories(record, id, skip);
    }
  },
};

/** A trajectory, and those of its subagents, which it contains. */
function* toHistories(record: JsonObject, id: string, skip: Skip): Generator<History> {
  const found: { record: JsonObject; id: string; parentId?: string }[] = [{ record, id }];
  for (const { record: trajectory, id: ownId, parentId } of found) {
    const history = toHistory(trajectory, ownId, skip);
    if (history.nodes.length > 0) yield { ...history, parentId };
    else skip(`trajectory ${ownId}`, 'has no messages');
    const subagents = listIn(trajectory, 'subagent_trajectories').map(asRecord);
    for (const [index, subagent] of subagents.entries()) {
      const given = textIn(subagent, 'trajectory_id') ?? `${ownId} subagent ${index + 1}`;
      found.push({ record: subagent, id: given, parentId: ownId });
    }
  }
}

function toHistory(record: JsonObject, id: string, skip: Skip): History {
  const agent = recordIn(record, 'agent');
  const extra = recordIn(record, 'extra');
  const steps = stepsOf(record, `trajectory ${id}`, skip);
  const createdAt =
    steps.map((step) => timeIn(step.record, 'timestamp')).find((time) => time) ?? new Date(0);
  const [first] = steps;
  const prompt = first?.role === 'system' ? partsOfStep(first) : [];
  const hasPrompt = first?.role === 'system' && prompt.every(({ type }) => type === 'text');
  const messages = steps
    .slice(hasPrompt ? 1 : 0)
    .flatMap((step) => toMessages(step, textIn(agent, 'model_name')));
  return {
    ...{ id, createdAt, nodes: toNodes(messages, createdAt).nodes },
    title: textIn(extra, 'title') ?? null,
    model: textIn(agent, 'model_name'),
    provider: textIn(recordIn(agent, 'extra'), 'provider'),
    workingDirectory: textIn(extra, 'working_directory') ?? textIn(extra, 'cwd'),
    systemPrompt: hasPrompt ? plainText(prompt) : undefined,
    metadata: without(record, 'steps', 'subagent_trajectories'),
  };
}

function stepsOf(record: JsonObject, place: string, skip: Skip): AtifStep[] {
  const isOwn = textIn(recordIn(record, 'agent'), 'name') === 'synapse';
  const steps: AtifStep[] = [];
  for (const [index, value] of listIn(record, 'steps').entries()) {
    const step = asRecord(value);
    const source = textIn(step, 'source') ?? textIn(step, 'role');
    if (source === undefined) {
      skip(`${place}, step ${index + 1}`, 'has no source', true);
      continue;
    }
    const role = /^(agent|assistant)$/.test(source)
      ? 'agent'
      : source === 'user'
        ? 'user'
        : 'system';
    steps.push({ number: index + 1, role, record: step, isOwn, results: [] });
  }
  addResults(steps);
  return steps;
}

/** A step of an agent holds the results of its calls, which become a message of their own. */
function toMessages(step: AtifStep, agentModel: string | undefined): TreeMessage[] {
  const { record, role, results, isOwn } = step;
  const extra = isOwn ? recordIn(record, 'extra') : {};
  const id = textIn(extra, 'message_id');
  const createdAt = timeIn(record, 'timestamp');
  const isInterrupted = textIn(extra, 'status') !== undefined;
  const provider = textIn(extra, 'provider');
  const parts = partsOfStep(step);
  const messages: TreeMessage[] = [];
  const isAnswer = countIn(record, 'llm_call_count') > 0;
  if (parts.length > 0 || isAnswer || (results.length === 0 && role !== 'system')) {
    messages.push({
      ...{
        id: id && `${id} ${role}`,
        role: role === 'agent' ? 'assistant' : 'user',
        parts,
        createdAt,
      },
      ...(role === 'agent' && {
        ...{ model: textIn(record, 'model_name') ?? agentModel, provider },
        usage: stepUsage(record),
      }),
      isInterrupted,
    });
  }
  if (results.length > 0) {
    messages.push({ id: id && `${id} results`, role: 'tool', parts: results, createdAt });
  }
  return messages;
}
