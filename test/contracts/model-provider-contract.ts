import { afterEach, beforeEach, describe } from '@jest/globals';
import { abortLaws } from './model-provider/abort-laws.ts';
import { answerLaws } from './model-provider/answer-laws.ts';
import { connectionLaws } from './model-provider/connection-laws.ts';
import { failureLaws } from './model-provider/failure-laws.ts';
import { modelListLaws } from './model-provider/model-list-laws.ts';
import { ProviderKit, type ModelProviderHarness } from './model-provider/provider-kit.ts';
import { recordingLaws } from './model-provider/recording-laws.ts';
import { toolCallLaws } from './model-provider/tool-call-laws.ts';

/** What every ModelProvider owes to whoever asks it. */
export function modelProviderContract(name: string, harness: ModelProviderHarness): void {
  describe(`ModelProvider contract: ${name}`, () => {
    const kit = new ProviderKit(harness);
    beforeEach(() => kit.open());
    afterEach(() => kit.close());

    answerLaws(kit);
    toolCallLaws(kit);
    failureLaws(kit);
    connectionLaws(kit);
    abortLaws(kit);
    modelListLaws(kit);
    recordingLaws(kit);
  });
}
