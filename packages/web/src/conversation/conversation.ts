import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import { get, post } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import { Problem } from '../api/problem.ts';
import type { Approval, ApprovalAnswer, ContextReport } from '../api/types.ts';
import type { Message, MessagesPage, Page, Run, Session } from '../api/types.ts';
import { onNews, type News } from '../state/feed.ts';
import { tellProblem } from '../state/notices.ts';
import { emptyAnswer, foldRun, type LiveAnswer } from './fold-run.ts';
import { oncePerFrame } from './once-per-frame.ts';
import { toTurns } from './turns.ts';

const PAGE = 100;

export interface Question {
  id: string;
  text: string;
  attachments?: { sha256: string; name?: string }[];
  model?: string;
  tools?: string;
  takeOver?: boolean;
}

/** An open session: its newest messages, and the answer that is being made, whoever asked. */
export class Conversation {
  readonly id: string;
  readonly session = signal<Session | null>(null);
  readonly messages = signal<readonly Message[]>([]);
  readonly isLoaded = signal(false);
  readonly problem = signal<unknown>(null);
  readonly hasOlder = computed(() => this.#olderCursor.value !== null);
  readonly hasNewer = computed(() => this.#newerCursor.value !== null);
  readonly approvals = signal<readonly Approval[]>([]);
  readonly context = signal<ContextReport | null>(null);
  /** The run that is active, and its answer so far. */
  readonly run = signal<Run | null>(null);
  readonly answer = signal<LiveAnswer>(emptyAnswer);
  readonly turns = computed(() => toTurns(this.messages.value, this.run.value?.id ?? null));
  readonly #olderCursor = signal<string | null>(null);
  readonly #newerCursor = signal<string | null>(null);
  readonly #closing = new AbortController();
  readonly #stopNews: () => void;
  #following: { id: string; stop: AbortController } | null = null;
  #pending: Promise<void> = Promise.resolve();
  readonly #loading = new Set<string>();

  constructor(id: string) {
    this.id = id;
    this.#stopNews = onNews((news) => this.#hear(news));
    document.addEventListener('visibilitychange', this.#onVisibility);
  }

  close(): void {
    this.#closing.abort();
    this.#stopNews();
    this.#following?.stop.abort();
    document.removeEventListener('visibilitychange', this.#onVisibility);
  }

  /** Reads the end of the session, or the surroundings of a message. */
  async load(around?: string): Promise<void> {
    try {
      const { signal } = this.#closing;
      const [session, page] = await Promise.all([
        get<Session>(this.#path(), {}, signal),
        get<MessagesPage>(this.#path('/messages'), { limit: PAGE, around }, signal),
      ]);
      batch(() => {
        this.session.value = session;
        this.#show(page);
        this.isLoaded.value = true;
        this.problem.value = null;
      });
      await Promise.all([this.#findRun(), this.#loadApprovals()]);
      void this.#loadContext();
    } catch (error) {
      if (!this.#closing.signal.aborted) this.problem.value = error;
    }
  }

  loadOlder(): Promise<void> {
    return this.#loadFrom(this.#olderCursor, (page) => {
      this.messages.value = [...page.items, ...this.messages.value];
      this.#olderCursor.value = page.olderCursor;
    });
  }

  loadNewer(): Promise<void> {
    return this.#loadFrom(this.#newerCursor, (page) => {
      this.messages.value = [...this.messages.value, ...page.items];
      this.#newerCursor.value = page.newerCursor;
    });
  }

  /** Asks; asking again with the same id is harmless. Rejects with a Problem. */
  async ask(question: Question): Promise<void> {
    const run = await post<Run>(this.#path('/runs'), question);
    if (this.hasNewer.value) await this.load();
    else await this.#refresh();
    this.#follow(run);
  }

  async stop(): Promise<void> {
    const run = this.run.value;
    if (run) await post(`/api/runs/${run.id}/cancel`).catch(tellProblem);
  }

  async decide(approval: Approval, answer: ApprovalAnswer): Promise<void> {
    try {
      await post(`/api/approvals/${approval.id}/decision`, { answer });
    } catch (error) {
      // Somebody else has decided: the question goes away.
      if (!(error instanceof Problem && error.status === 409)) tellProblem(error);
    }
    await this.#loadApprovals().catch(tellProblem);
  }

  /** Takes the last turn out of the conversation, so that its question can be asked in another way. */
  async undo(turn: number): Promise<void> {
    await post(this.#path('/undo'), { turn });
    await this.load();
  }

  /** Asks for each page once, however often the reader scrolls meanwhile. */
  async #loadFrom(
    place: ReadonlySignal<string | null>,
    add: (page: MessagesPage) => void,
  ): Promise<void> {
    const cursor = place.value;
    if (cursor === null || this.#loading.has(cursor)) return;
    this.#loading.add(cursor);
    try {
      const { signal } = this.#closing;
      const path = this.#path('/messages');
      const page = await get<MessagesPage>(path, { limit: PAGE, cursor }, signal);
      if (place.value === cursor) batch(() => add(page));
    } catch (error) {
      if (!this.#closing.signal.aborted) throw error;
    } finally {
      this.#loading.delete(cursor);
    }
  }

  #path(rest = ''): string {
    return `/api/sessions/${encodeURIComponent(this.id)}${rest}`;
  }

  #show({ items, olderCursor, newerCursor }: MessagesPage): void {
    this.messages.value = items;
    this.#olderCursor.value = olderCursor;
    this.#newerCursor.value = newerCursor;
  }

  #hear(news: News): void {
    const own =
      news.type === 'reset' ? null : news.changes.filter(({ sessionId }) => sessionId === this.id);
    if (own?.length === 0) return;
    const isAbout = (kind: string) => own === null || own.some((change) => change.kind === kind);
    // One after the other, so that an older reply never replaces a newer one.
    this.#pending = this.#pending.then(async () => {
      if (this.#closing.signal.aborted) return;
      try {
        if (isAbout('approval')) await this.#loadApprovals();
        if (isAbout('run')) await this.#findRun();
        await this.#refresh();
      } catch (error) {
        if (!(error instanceof Problem && error.isTemporary)) this.problem.value = error;
      }
    });
  }

  /** Reads the session and its newest messages again, and keeps the older ones that are shown. */
  async #refresh(): Promise<void> {
    const { signal } = this.#closing;
    const session = await get<Session>(this.#path(), {}, signal);
    this.session.value = session;
    if (this.hasNewer.value) return;
    const page = await get<MessagesPage>(this.#path('/messages'), { limit: PAGE }, signal);
    const first = page.items[0]?.seq ?? 0;
    const older = this.messages.value.filter(({ seq }) => seq < first);
    const last = this.messages.value.at(-1)?.seq ?? 0;
    batch(() => {
      // Without a common message there would be a gap, which no cursor leads into.
      if (older.length === 0 || last < first) this.#show(page);
      else this.messages.value = [...older, ...page.items];
    });
  }

  async #loadApprovals(): Promise<void> {
    const { items } = await get<Page<Approval>>('/api/approvals', { sessionId: this.id });
    this.approvals.value = items;
  }

  async #loadContext(): Promise<void> {
    const report = await get<ContextReport>(this.#path('/context')).catch(() => null);
    this.context.value = report;
  }

  async #findRun(): Promise<void> {
    const { items } = await get<Page<Run>>(this.#path('/runs'), { limit: 1 });
    const newest = items[0];
    if (newest?.state === 'active') this.#follow(newest);
  }

  /** A hidden page follows no run: a browser opens only six connections to a server. */
  readonly #onVisibility = () => {
    if (document.visibilityState === 'hidden') {
      this.#following?.stop.abort();
      this.#following = null;
    } else if (this.run.value && !this.#following) {
      this.#follow(this.run.value);
    }
  };

  #follow(run: Run): void {
    if (this.#following?.id === run.id || run.state !== 'active') return;
    this.#following?.stop.abort();
    if (this.run.value?.id !== run.id) this.answer.value = emptyAnswer;
    this.run.value = run;
    if (document.visibilityState === 'hidden') return;
    const stop = new AbortController();
    this.#following = { id: run.id, stop };
    // From the start, so that the answer is the same whatever was stored of it meanwhile.
    let answer = emptyAnswer;
    const show = oncePerFrame(() => {
      if (!stop.signal.aborted) this.answer.value = answer;
    });
    const ended = follow({
      path: (position) => `/api/runs/${run.id}/events?after=${position ?? 0}`,
      onEvent: (event) => {
        answer = foldRun(answer, event);
        show();
        return event.type !== 'run-ended';
      },
      signal: stop.signal,
    });
    const hasLeft = () => stop.signal.aborted;
    void ended.catch(tellProblem).then(async () => {
      if (hasLeft()) return;
      await this.#refresh().catch(() => undefined);
      // Another run may have begun meanwhile.
      if (hasLeft()) return;
      batch(() => {
        this.run.value = null;
        this.answer.value = emptyAnswer;
        this.approvals.value = [];
      });
      this.#following = null;
      void this.#loadContext();
    });
  }
}
