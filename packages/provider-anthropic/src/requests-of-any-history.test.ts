import { requestContract } from '@synapse/test/contracts/request-contract';
import { anthropicRequestProblems } from '@synapse/test/support/validators/anthropic-request-problems';
import { toAnthropicRequest } from './to-anthropic-request.ts';

requestContract('anthropic', (request) =>
  anthropicRequestProblems({ ...toAnthropicRequest(request, {}) }),
);

requestContract('anthropic, thinking', (request) =>
  anthropicRequestProblems({
    ...toAnthropicRequest(request, { thinking: { budgetTokens: 2048 }, effort: 'low' }),
  }),
);
