import { describe, expect, it } from '@jest/globals';
import { jsonReply } from '@synapse/test/support/replies';
import { NEVER, type ProviderKit } from './provider-kit.ts';

/** What the list of models owes. */
export function modelListCases(kit: ProviderKit): void {
  describe('the list of models', () => {
    it('throws a ProviderError when it is refused', async () => {
      kit.double.script(jsonReply(401, { error: { message: 'No.' } }));
      await expect(kit.provider.listModels(NEVER)).rejects.toMatchObject({
        reason: 'auth',
        provider: kit.provider.name,
      });
    });

    it('throws the reason when it is aborted', async () => {
      const controller = new AbortController();
      kit.double.script(() => {
        setImmediate(() => controller.abort(new Error('enough')));
        return { isRaw: true, steps: [{ hang: true }] };
      });
      await expect(kit.provider.listModels(controller.signal)).rejects.toThrow('enough');
      await kit.double.requests[0]?.abandoned;
    });
  });
}
