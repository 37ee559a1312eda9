import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProviderDouble, Reply } from './provider-double.ts';
import { eventStream } from './replies.ts';
import type { SynapseHome } from './run-synapse.ts';
import { openAiChatWire } from './wire/openai-chat-wire.ts';
import type { ScriptedAnswer } from './wire/scripted-answer.ts';

/** Makes the double the usual provider of a home, asked in the words of Chat Completions. */
export function setUpDouble({ folder }: SynapseHome, { url }: ProviderDouble, settings = ''): void {
  const place = join(folder, '.config/synapse');
  mkdirSync(place, { recursive: true });
  writeFileSync(
    join(place, 'config.toml'),
    [
      'provider = "double"',
      '[providers.double]',
      `base_url = "${url}/v1"`,
      'dialect = "openai-chat"',
      'model = "double-1"',
      settings,
    ].join('\n'),
  );
}

export function chatReply(answer: ScriptedAnswer): Reply {
  return eventStream(...openAiChatWire(answer));
}
