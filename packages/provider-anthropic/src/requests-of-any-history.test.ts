import { findFacts } from '@synapse/core/models';
import { requestContract } from '@synapse/test/contracts/request-contract';
import { anthropicRequestProblems } from '@synapse/test/support/validators/anthropic-request-problems';
import { toAnthropicRequest } from './to-anthropic-request.ts';

requestContract('anthropic', (request) =>
  anthropicRequestProblems({
    ...toAnthropicRequest(request, {}, findFacts('anthropic', request.model)),
  }),
);

requestContract('anthropic, thinking', (request) =>
  anthropicRequestProblems({
    ...toAnthropicRequest(
      request,
      { thinking: { budgetTokens: 2048 }, effort: 'low' },
      findFacts('anthropic', request.model),
    ),
  }),
);
