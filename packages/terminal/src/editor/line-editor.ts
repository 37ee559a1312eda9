import type { Completer } from './completion.ts';
import { replaceText } from './editing.ts';
import { createInputRegion } from './input-region.ts';
import {
  applyCompletion,
  applyEvent,
  emptyInput,
  narrowMenu,
  type Effect,
  type InputState,
} from './input-state.ts';
import type { KeyEvent } from './key-event.ts';
import { createKeyGuard, typingMs } from './key-guard.ts';
import { createKeyPump, startTimer } from './key-pump.ts';
import type { LineEditorOptions } from './line-editor-options.ts';
import type { LineReader, ReadResult } from './line-reader.ts';
import { createCompletionRequests } from './request-completion.ts';
import { createTerminalMode, listen, thisTerminalProcess } from './terminal.ts';
import { toView } from './view.ts';

const heldBackStatus = 'A question waits until you stop typing.';

interface Read {
  readonly prompt: string;
  readonly isQuestion: boolean;
  readonly question: (() => string) | undefined;
  /** Set if a key answers instead of a line. */
  readonly answers?: Readonly<Record<string, string>> | undefined;
  readonly canEscape?: boolean | undefined;
  readonly resolve: (result: ReadResult) => void;
}

/** Edits lines on a terminal, which belongs to it until it is closed. */
export function openLineEditor(options: LineEditorOptions): LineReader {
  const { input, output, history, style, editOutside, onInterrupt, onWarning } = options;
  const host = options.process ?? thisTerminalProcess();
  const start = options.startTimer ?? startTimer;
  const mode = createTerminalMode(input, output);
  const region = createInputRegion(output, style, start);
  const noCompletion: Completer = ({ cursor }) => ({ start: cursor, candidates: [] });
  const guard = createKeyGuard(start);
  /** On while somebody types: a question that a key answers waits for the end. */
  const typing = createKeyGuard(start);
  const completions = createCompletionRequests(options.complete ?? noCompletion, onWarning);

  let state: InputState = emptyInput;
  let current: Read | undefined;
  /** Keys typed ahead, while a question is asked. */
  let setAside: InputState | undefined;
  const typedAhead: ReadResult[] = [];
  let status = '';
  /** The prompt of the input to which keys typed ahead belong. */
  let inputPrompt = '';
  let isHeldBack = false;
  let isHandedOver = false;
  let isSuspended = false;
  let isEnded = false;

  /** Keys are for what is read, and not typed ahead. */
  const isReading = () => current !== undefined && !guard.isOn && !isHeldBack;

  const show = () => {
    if (!current || isHandedOver || isSuspended) return;
    if (isHeldBack) region.show(toView(inputPrompt, state, heldBackStatus));
    if (!isReading()) return;
    region.show(toView(current.prompt, state, status));
  };

  const resolve = (result: ReadResult) => {
    if (current === undefined) return;
    const { prompt, isQuestion, answers, resolve: settle } = current;
    const text = typeof result === 'string' ? '' : result.text;
    if (isReading()) region.finish({ prompt, text: answers?.[text] ?? text, cursor: 0 });
    else if (isHeldBack) {
      region.hide();
      // The question will not be shown any more.
      typing.begin(() => undefined, typingMs);
    }
    guard.cancel();
    isHeldBack = false;
    current = undefined;
    forgetAnswer();
    if (!isQuestion) remember(text);
    settle(result);
  };

  const forgetAnswer = () => {
    if (setAside !== undefined) state = setAside;
    setAside = undefined;
  };

  const openAnswer = () => {
    setAside = state;
    state = emptyInput;
    show();
  };

  /** Keys count as typed ahead until a person can have read the question. */
  const showQuestion = (question: () => string) => {
    forgetAnswer();
    region.printAbove(question());
    guard.begin(openAnswer);
  };

  /** A question that a key answers must not meet a person in the middle of a word. */
  const holdBack = (question: () => string) => {
    if (!typing.isOn) {
      showQuestion(question);
      return;
    }
    isHeldBack = true;
    typing.begin(() => {
      isHeldBack = false;
      region.hide();
      showQuestion(question);
    }, typingMs);
    show();
  };

  const noteTyping = () => {
    if (typing.isOn) typing.keyTyped();
    else typing.begin(() => undefined, typingMs);
  };

  const remember = (text: string) => {
    try {
      history.add(text);
    } catch (error) {
      onWarning(error);
    }
  };

  const handOver = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    isHandedOver = true;
    region.hide();
    mode.leave();
    try {
      return await run();
    } finally {
      isHandedOver = false;
      if (!isEnded) mode.enter();
      show();
    }
  };

  const editInProgram = async (edit: (text: string) => Promise<string>) => {
    const { editing } = state;
    try {
      const text = await handOver(() => edit(editing.buffer.text));
      state = { editing: replaceText(editing, text) };
    } catch (error) {
      onWarning(error);
    }
    show();
  };

  const suspend = () => {
    isSuspended = true;
    region.hide();
    mode.leave();
    host.stop();
    // Without a shell that does job control, nothing stops or continues us. The second timer
    // lets the word that we are continued come first.
    start(() => start(() => isSuspended && resume(), 0), 100);
  };

  const resume = () => {
    isSuspended = false;
    if (isHandedOver || isEnded) return;
    mode.enter();
    region.forget();
    if (current?.question && !isHeldBack) showQuestion(current.question);
    show();
  };

  const run = (effect: Effect) => {
    switch (effect.type) {
      case 'submit':
        resolve({ text: effect.text });
        break;
      case 'interrupt':
      case 'end':
        resolve(effect.type);
        break;
      case 'complete':
      case 'narrow':
        completions.ask(state.editing.buffer, (completion) => {
          const apply = effect.type === 'complete' ? applyCompletion : narrowMenu;
          state = apply(state, completion);
          show();
        });
        break;
      case 'clear-screen':
        region.clearScreen();
        break;
      case 'edit-outside':
        if (editOutside !== undefined) void editInProgram(editOutside);
        break;
      case 'suspend':
        suspend();
        break;
    }
  };

  const handle = (event: KeyEvent) => {
    const isBusy = !isReading();
    if (event.type === 'cursor-position') {
      region.cursorIsAt(event.column);
      return;
    }
    guard.keyTyped();
    noteTyping();
    if (isBusy && event.type === 'key' && event.key === 'ctrl-c') {
      if (current !== undefined) {
        resolve('interrupt');
        return;
      }
      if (onInterrupt('ctrl-c')) return;
    }
    if (isBusy && isStop(event) && onInterrupt('escape')) return;
    if (current?.canEscape && isEscape(event) && !state.menu && !state.search) {
      resolve('interrupt');
      return;
    }
    completions.cancel();
    const { state: next, effect } = applyEvent(state, event, history.entries());
    state = next;
    if (effect === undefined) return;
    if (!isBusy || effect.type === 'suspend') run(effect);
    else if (effect.type === 'interrupt') typedAhead.push(effect.type);
    else if (effect.type === 'submit' && effect.text.trim() !== '') typedAhead.push(effect);
  };

  /** Escape closes a menu or ends a search first. */
  const isStop = (event: KeyEvent) => isEscape(event) && !current && !state.menu && !state.search;

  /** An answer comes alone: keys that come together were typed, or pasted, as text. */
  const answerBy = (events: readonly KeyEvent[], answers: Readonly<Record<string, string>>) => {
    const [event] = events;
    const key = events.length === 1 && event?.type === 'text' ? event.text.toLowerCase() : '';
    if (Object.hasOwn(answers, key)) resolve({ text: key });
    else for (const other of events) (isReading() ? handleAtChoice : handle)(other);
  };

  const handleAtChoice = (event: KeyEvent) => {
    if (event.type === 'key') {
      if (event.key === 'ctrl-c' || event.key === 'escape') resolve('interrupt');
      else if (event.key === 'ctrl-z') suspend();
      else if (event.key === 'ctrl-l') region.clearScreen();
    } else if (event.type === 'cursor-position') handle(event);
    else {
      region.hide();
      forgetAnswer();
      guard.begin(openAnswer);
      handle(event);
    }
  };

  const takeBack = () => {
    const lines = typedAhead.splice(0).map((line) => (typeof line === 'string' ? '' : line.text));
    if (lines.length === 0) return;
    const texts = [...lines, state.editing.buffer.text].filter((text) => text !== '');
    state = { editing: replaceText(state.editing, texts.join('\n')) };
    show();
  };

  const close = () => {
    if (isEnded) return;
    isEnded = true;
    completions.cancel();
    typing.cancel();
    resolve('end');
    mode.leave();
    pump.close();
    stopListening();
  };

  const pump = createKeyPump(input, start, (events) => {
    if (current?.answers && isReading()) answerBy(events, current.answers);
    else for (const event of events) handle(event);
    show();
  });
  const stopListening = listen(
    { input, output, host },
    { onResize: region.resized, onContinue: resume, onEnd: close },
  );
  mode.enter();

  return {
    read(prompt, { isQuestion = false, question, text = '', canEscape } = {}) {
      return new Promise((settle) => {
        const ahead = isQuestion ? undefined : typedAhead.shift();
        if (ahead === undefined && state.editing.buffer.text === '') {
          state = { editing: replaceText(state.editing, text) };
        }
        if (!isQuestion) inputPrompt = prompt;
        current = { prompt, isQuestion, question, canEscape, resolve: settle };
        if (isEnded) resolve('end');
        else if (ahead !== undefined) resolve(ahead);
        else if (question !== undefined) showQuestion(question);
        else if (isQuestion) openAnswer();
        else show();
      });
    },
    choose({ prompt, question, answers }) {
      return new Promise((settle) => {
        current = { prompt, isQuestion: true, question, answers, resolve: settle };
        if (isEnded) resolve('end');
        else holdBack(question);
      });
    },
    printAbove: (text) => region.printAbove(text),
    setStatus(text) {
      status = text;
      show();
    },
    takeBack() {
      takeBack();
      return [];
    },
    handOver,
    close,
  };
}

function isEscape(event: KeyEvent): boolean {
  return event.type === 'key' && event.key === 'escape';
}
