import { requestContract } from '@synapse/test/contracts/request-contract';
import { responsesRequestProblems } from '@synapse/test/support/validators/responses-request-problems';
import { toResponsesRequest } from './to-responses-request.ts';

requestContract('openai responses', (request) =>
  responsesRequestProblems({
    ...toResponsesRequest(request, { reasoningEffort: 'low', sealsThoughts: true }),
  }),
);
