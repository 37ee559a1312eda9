import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject, ToolSource } from '@synapse/core';

export interface ToolSourceCall {
  name: string;
  input: JsonObject;
}

export interface ToolSourceSubject {
  open(): Promise<ToolSource>;
  /** Answers with this text somewhere in its output. */
  succeeding: ToolSourceCall & { text: string };
  /** Is carried out and fails. */
  failing: ToolSourceCall;
  /** Does not end by itself within seconds. */
  hanging: ToolSourceCall;
}

/** What every source of tools promises; see the port. */
export function toolSourceContract(name: string, subject: ToolSourceSubject): void {
  describe(`ToolSource contract: ${name}`, () => {
    let source: ToolSource;
    const never = new AbortController().signal;
    beforeEach(async () => {
      source = await subject.open();
    });
    afterEach(() => source.close());

    it('has a name', () => {
      expect(source.name).toMatch(/\S/);
    });

    it('lists tools with fitting, unique names and object schemas', async () => {
      const tools = await source.list(never);
      const names = tools.map((tool) => tool.name);
      expect(names).toEqual(expect.arrayContaining([subject.succeeding.name]));
      expect(new Set(names).size).toBe(names.length);
      for (const tool of tools) {
        expect(tool.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
        expect(tool.description.isWellFormed()).toBe(true);
        expect(tool.inputSchema.type).toBe('object');
        expect(['read', 'write', 'execute']).toContain(tool.effect);
      }
    });

    it('lists the same when asked again', async () => {
      const first = await source.list(never);
      expect(await source.list(never)).toEqual(first);
    });

    it('knows what it has listed without being asked to list it again', async () => {
      const listed = await source.list(never);
      if (source.listKnown) expect(await source.listKnown()).toEqual(listed);
    });

    it('previews no change for arguments that do not fit, and does not fail', async () => {
      for (const { previewChange } of await source.list(never)) {
        expect((await previewChange?.({ path: 5 })) ?? null).toBeNull();
      }
    });

    it('runs a call and returns its text', async () => {
      await source.list(never);
      const { name: tool, input, text } = subject.succeeding;
      const { output, isError, attachments } = await source.call(tool, input, never);
      expect(output).toContain(text);
      expect(isError).toBe(false);
      expect(attachments).toEqual([]);
    });

    it('runs a call without having been asked for a list', async () => {
      const { name: tool, input, text } = subject.succeeding;
      expect((await source.call(tool, input, never)).output).toContain(text);
    });

    it('runs calls side by side', async () => {
      await source.list(never);
      const { name: tool, input, text } = subject.succeeding;
      const results = await Promise.all([1, 2, 3, 4].map(() => source.call(tool, input, never)));
      for (const result of results) expect(result.output).toContain(text);
    });

    it('returns a failure as a result that says so', async () => {
      const { name: tool, input } = subject.failing;
      const result = await source.call(tool, input, never);
      expect(result.isError).toBe(true);
      expect(result.output).toMatch(/\S/);
    });

    it('returns an error result for a tool that it does not have', async () => {
      for (const unknown of ['no-such-tool', '__proto__', 'constructor', '']) {
        const result = await source.call(unknown, {}, never);
        expect(result.isError).toBe(true);
      }
    });

    it('throws the reason of a signal that is aborted before the call', async () => {
      const reason = new Error('stopped before');
      const { name: tool, input } = subject.succeeding;
      await expect(source.call(tool, input, AbortSignal.abort(reason))).rejects.toBe(reason);
      await expect(source.list(AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    it('throws the reason of a signal that is aborted during the call, and works on', async () => {
      await source.list(never);
      const controller = new AbortController();
      const reason = new Error('stopped during');
      const { name: hanging, input: hangingInput } = subject.hanging;
      const call = source.call(hanging, hangingInput, controller.signal);
      const { name: tool, input, text } = subject.succeeding;
      expect((await source.call(tool, input, never)).output).toContain(text);
      controller.abort(reason);
      await expect(call).rejects.toBe(reason);
      expect((await source.call(tool, input, never)).output).toContain(text);
    });

    it('closes twice without harm, also while a call runs', async () => {
      await source.list(never);
      const { name: tool, input } = subject.hanging;
      const call = source.call(tool, input, never).catch((error: unknown) => error);
      await source.close();
      await source.close();
      await call;
    });
  });
}
