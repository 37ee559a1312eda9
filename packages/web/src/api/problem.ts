/** A failure as the server describes it; `status` 0 means that there was no reply. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  /** The process that writes to the session, if another one does. */
  readonly holder: ProblemDocument['holder'];

  constructor(status: number, { code = '', detail = '', hint, holder }: Partial<ProblemDocument>) {
    super(detail === '' ? `The server replied with status ${status}.` : detail);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.holder = holder;
  }

  /** The request may have arrived or not: sending it again can help. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export interface ProblemDocument {
  code: string;
  detail: string;
  hint?: string;
  holder?: { host: string; pid: number };
}

export async function toProblem(reply: Response): Promise<Problem> {
  const content = (await reply.json().catch(() => ({}))) as Partial<ProblemDocument>;
  return new Problem(reply.status, content);
}

export function unreachable(): Problem {
  return new Problem(0, { code: 'UNREACHABLE', detail: 'The server does not answer.' });
}
