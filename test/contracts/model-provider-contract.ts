import { afterEach, beforeEach, describe } from '@jest/globals';
import { abortCases } from './model-provider/abort-cases.ts';
import { answerCases } from './model-provider/answer-cases.ts';
import { connectionCases } from './model-provider/connection-cases.ts';
import { failureCases } from './model-provider/failure-cases.ts';
import { modelListCases } from './model-provider/model-list-cases.ts';
import { ProviderKit, type ModelProviderHarness } from './model-provider/provider-kit.ts';
import { recordingCases } from './model-provider/recording-cases.ts';
import { toolCallCases } from './model-provider/tool-call-cases.ts';

/** What every ModelProvider owes to whoever asks it. */
export function modelProviderContract(name: string, harness: ModelProviderHarness): void {
  describe(`ModelProvider contract: ${name}`, () => {
    const kit = new ProviderKit(harness);
    beforeEach(() => kit.open());
    afterEach(() => kit.close());

    answerCases(kit);
    toolCallCases(kit);
    failureCases(kit);
    connectionCases(kit);
    abortCases(kit);
    modelListCases(kit);
    recordingCases(kit);
  });
}
