import { COMPATIBLE_QUIRKS, OPENAI_QUIRKS, PRESETS } from '@synapse/core/models';
import { requestContract } from '@synapse/test/contracts/request-contract';
import {
  chatRequestProblems,
  KIMI_RULES,
  GEMINI_RULES,
  MISTRAL_RULES,
  ONE_CALL_RULES,
  OPENAI_CHAT_RULES,
} from '@synapse/test/support/validators/chat-request-problems';
import { toChatRequest } from './to-chat-request.ts';

requestContract('openai chat', (request) =>
  chatRequestProblems({ ...toChatRequest(request, {}, OPENAI_QUIRKS) }, OPENAI_CHAT_RULES),
);

for (const name of ['mistral', 'deepseek', 'openrouter']) {
  const preset = PRESETS.find((candidate) => candidate.name === name);
  const quirks = { ...COMPATIBLE_QUIRKS, ...preset?.quirks };
  const rules = name === 'mistral' ? MISTRAL_RULES : OPENAI_CHAT_RULES;
  requestContract(`openai chat at ${name}`, (request) =>
    chatRequestProblems({ ...toChatRequest(request, {}, quirks) }, rules),
  );
}

requestContract('openai chat at a server that wants reasoning with each call', (request) =>
  chatRequestProblems(
    { ...toChatRequest(request, {}, { ...COMPATIBLE_QUIRKS, needsReasoning: true }) },
    KIMI_RULES,
  ),
);

requestContract('openai chat at a server that wants a signature with each call', (request) =>
  chatRequestProblems(
    { ...toChatRequest(request, {}, { ...COMPATIBLE_QUIRKS, needsSignatures: true }) },
    GEMINI_RULES,
  ),
);

requestContract('openai chat at a server that takes one call at a time', (request) =>
  chatRequestProblems(
    { ...toChatRequest(request, {}, { ...COMPATIBLE_QUIRKS, takesOneCall: true }) },
    ONE_CALL_RULES,
  ),
);
