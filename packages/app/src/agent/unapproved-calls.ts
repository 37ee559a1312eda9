import { NotPermittedError, type Approver } from '@synapse/core';
import { quoteWord } from '@synapse/core/words';

/** Remembers which calls were refused only because no user could be asked. */
export class UnapprovedCalls {
  readonly #names = new Set<string>();
  readonly #rules = new Set<string>();

  watch(approver: Approver): Approver {
    return {
      approve: async (call, tool, signal) => {
        const approval = await approver.approve(call, tool, signal);
        if (!approval.allowed && approval.missingRules) {
          this.#names.add(call.name);
          for (const rule of approval.missingRules) this.#rules.add(rule);
        }
        return approval;
      },
    };
  }

  /** The error of a run whose calls lacked approval; undefined if none did. */
  toError(): NotPermittedError | undefined {
    if (this.#names.size === 0) return undefined;
    const names = [...this.#names].map((name) => JSON.stringify(name)).join(', ');
    const flags = [...this.#rules].map((rule) => `--allow ${quoteWord(rule)}`).join(' ');
    const [verb, result] =
      this.#names.size === 1 ? ['needs', 'It was not run.'] : ['need', 'They were not run.'];
    return new NotPermittedError(
      `${names} ${verb} approval, and there is no terminal to ask on. ${result}`,
      {
        hint: flags
          ? `To allow it: ${flags}`
          : 'Run it in a terminal to be asked, or pass --yolo to allow everything.',
      },
    );
  }
}
