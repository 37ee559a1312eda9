import { nearest } from '@synapse/config';
import { UsageError } from '@synapse/core';
import { commands, topics } from '../command-table.ts';
import { verbsOf } from '../dispatch.ts';
import { helpTopics } from './help-topics.ts';
import { renderHelp, section } from './render-help.ts';

/** The help on a command or a topic; '' is the help on everything. */
export async function helpText(id: string): Promise<string> {
  const command = id === '' ? 'ask' : id;
  const load = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (load) {
    const text = renderHelp(id, (await load()).default);
    return id === '' ? `${text}\n${await overview()}` : text;
  }
  if (Object.hasOwn(topics, id)) return topicHelp(id);
  const topic = Object.hasOwn(helpTopics, id) ? helpTopics[id] : undefined;
  if (topic) return topic.text();
  const similar = nearest(id, [
    ...Object.keys(commands),
    ...Object.keys(topics),
    ...Object.keys(helpTopics),
  ]);
  throw new UsageError(`There is no help topic "${id}".`, {
    hint: similar
      ? `Did you mean "synapse help ${similar}"?`
      : `synapse help lists the commands and topics. To ask a model: synapse -- help ${id}`,
  });
}

async function overview(): Promise<string> {
  const rows = await Promise.all(
    Object.entries(commands)
      .filter(([id]) => id !== 'ask' && !id.includes(' '))
      .map(async ([id, load]) => [id, (await load()).default.summary ?? ''] as const),
  );
  const all = [
    ...rows,
    ...Object.entries(topics).map(([id, { summary }]) => [id, summary] as const),
  ];
  return [
    section(
      'Commands (synapse help <command>)',
      all.sort(([a], [b]) => a.localeCompare(b)),
    ),
    section('More help', [
      ...Object.entries(helpTopics).map(([id, { summary }]) => [`help ${id}`, summary] as const),
      ['--version', 'show the version'],
    ]),
  ].join('\n');
}

async function topicHelp(topic: string): Promise<string> {
  const rows = await Promise.all(
    verbsOf(topic).map(async (verb) => {
      const load = commands[`${topic} ${verb}`];
      return [verb, (await load?.())?.default.summary ?? ''] as const;
    }),
  );
  const { summary = '', index } = topics[topic] ?? {};
  const alone = index === undefined ? '' : `\n"synapse ${topic}" is short for "synapse ${index}".`;
  return [
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.${alone}`,
    section(`synapse ${topic} …`, rows),
    `\nFor details: synapse help ${topic} <command>`,
  ].join('\n');
}
