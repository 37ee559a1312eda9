import {
  openProviderDouble,
  type ProviderDouble,
  type RecordedRequest,
  type Reply,
} from '../../support/provider-double.ts';
import { eventStream, jsonReply, streamOf } from '../../support/replies.ts';
import type { Json } from '../../support/validators/problems.ts';
import { SealLedger } from '../../support/validators/seals.ts';
import type { ScriptedAnswer } from '../../support/wire/scripted-answer.ts';
import { STRICT_SERVERS, type StrictServer } from './strict-server.ts';

/** What an answer does; without any, it thinks and says something. */
export interface PlannedAnswer {
  /** How many calls it makes, of the tool. */
  calls?: number;
  tool?: string;
  /** It breaks off in the middle, or says nothing more until the client leaves. */
  end?: 'reset' | 'hang';
  /** From now on the server of the answer is overloaded. */
  isLast?: boolean;
}

/** All strict servers on one address, each under its name, and what they have seen. */
export class StrictHost {
  /** What the next answers do, whoever gives them. */
  plan: PlannedAnswer[] = [];
  /** The server that is overloaded. */
  down: string | null = null;
  /** Changes a request before it is judged, to show that the judges judge. */
  sabotage: ((body: Json) => void) | null = null;
  readonly problems: string[] = [];
  readonly figures = { requests: 0, lessons: 0, sealed: 0, seals_back: 0 };
  readonly #double: ProviderDouble;
  readonly #ledgers = new Map<StrictServer, SealLedger>();
  #count = 0;

  static async open(): Promise<StrictHost> {
    return new StrictHost(await openProviderDouble());
  }

  private constructor(double: ProviderDouble) {
    this.#double = double;
    double.script((request) => this.#reply(request));
  }

  urlOf({ name }: StrictServer): string {
    return `${this.#double.url}/${name}`;
  }

  close(): Promise<void> {
    return this.#double.close();
  }

  #reply(request: RecordedRequest): Reply {
    const server = STRICT_SERVERS.find(({ name }) => request.path.startsWith(`/${name}/`));
    if (!server) return jsonReply(404, {});
    if (server.name === this.down) return refusal(503, 'Overloaded');
    const body = request.json() as Json;
    this.sabotage?.(body);
    this.figures.requests += 1;
    const ledger = this.#ledgerOf(server);
    const problems = [
      ...server.problems(body),
      ...(ledger?.problems(body) ?? []),
      // Somebody who stands in gets nothing that was put on an answer, not even its own.
      ...(this.down === null ? (ledger?.lost(body) ?? []) : []),
    ];
    const lesson = server.lesson?.(body, problems);
    if (lesson !== undefined) {
      this.figures.lessons += 1;
      return refusal(400, lesson);
    }
    this.problems.push(...problems.map((problem) => `${server.name}: ${problem}`));
    if (problems.length > 0) return refusal(400, problems.join('; '));
    const seals = server.sealing?.sealsIn(body) ?? [];
    this.figures.seals_back += seals.filter(({ seal }) => seal !== null).length;
    return this.#answer(server, body, ledger);
  }

  #ledgerOf(server: StrictServer): SealLedger | null {
    if (!server.sealing) return null;
    const ledger = this.#ledgers.get(server) ?? new SealLedger(server.sealing);
    this.#ledgers.set(server, ledger);
    return ledger;
  }

  #answer(server: StrictServer, body: Json, ledger: SealLedger | null): Reply {
    const planned = this.plan.shift() ?? {};
    const { tool = 'read', end } = planned;
    const calls = server.callsOnce ? Math.min(1, planned.calls ?? 0) : (planned.calls ?? 0);
    if (planned.isLast) this.down = server.name;
    const thought = `thought ${this.#count}`;
    const toolCalls = Array.from({ length: calls }, () => this.#call(server, tool));
    const isOnCall = server.sealedPart === 'call' || server.wantsThoughts === true;
    const sealed = isOnCall ? toolCalls[0]?.arguments.join('') : thought;
    const seal = sealed === undefined ? undefined : ledger?.issue(body, sealed);
    if (seal !== undefined) this.figures.sealed += 1;
    const answer: ScriptedAnswer = {
      reasoning: [server.wantsThoughts && seal !== undefined ? seal : thought],
      text: [`answer ${this.#count} `, 'in pieces.'],
      model: server.answersAs ?? String(body.model),
      toolCalls,
      ...(seal !== undefined && { seal, sealedPart: server.sealedPart }),
    };
    this.#count += 1;
    const wire = server.toWire(answer);
    if (end === undefined) return eventStream(...wire);
    const middle = wire.findIndex((event) => event.includes('in pieces'));
    const sent = wire.slice(0, middle).map((send) => ({ send }));
    return streamOf([...sent, end === 'hang' ? { hang: true } : { reset: true }]);
  }

  #call(server: StrictServer, name: string) {
    const number = (this.#count += 1);
    const id = server.toCallId?.(number) ?? `call_${number}`;
    return { id, name, arguments: ['{"path":', `"${number}.txt"}`] };
  }
}

function refusal(status: number, message: string): Reply {
  return jsonReply(status, { error: { type: 'invalid_request_error', message } });
}
