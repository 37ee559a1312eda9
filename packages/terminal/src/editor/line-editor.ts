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
import { createKeyGuard } from './key-guard.ts';
import { createKeyPump, startTimer } from './key-pump.ts';
import type { LineEditorOptions } from './line-editor-options.ts';
import type { LineReader, ReadResult } from './line-reader.ts';
import { createCompletionRequests } from './request-completion.ts';
import { createTerminalMode, listen, thisTerminalProcess } from './terminal.ts';
import { toView } from './view.ts';

interface Read {
  readonly prompt: string;
  readonly isQuestion: boolean;
  readonly question: (() => string) | undefined;
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
  const completions = createCompletionRequests(options.complete ?? noCompletion, onWarning);

  let state: InputState = emptyInput;
  let current: Read | undefined;
  /** Keys typed ahead, while a question is asked. */
  let setAside: InputState | undefined;
  const typedAhead: ReadResult[] = [];
  let status = '';
  let isHandedOver = false;
  let isSuspended = false;
  let isEnded = false;

  const show = () => {
    if (current === undefined || guard.isOn || isHandedOver || isSuspended) return;
    region.show(toView(current.prompt, state, status));
  };

  const resolve = (result: ReadResult) => {
    if (current === undefined) return;
    const { prompt, isQuestion, resolve: settle } = current;
    const text = typeof result === 'string' ? '' : result.text;
    if (guard.isOn) guard.cancel();
    else region.finish({ prompt, text, cursor: 0 });
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
    if (current?.question) showQuestion(current.question);
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
    const isBusy = current === undefined || guard.isOn;
    if (event.type === 'cursor-position') {
      region.cursorIsAt(event.column);
      return;
    }
    guard.keyTyped();
    if (isBusy && event.type === 'key' && event.key === 'ctrl-c') {
      if (guard.isOn) {
        resolve('interrupt');
        return;
      }
      if (onInterrupt('ctrl-c')) return;
    }
    if (isBusy && isStop(event) && onInterrupt('escape')) return;
    completions.cancel();
    const { state: next, effect } = applyEvent(state, event, history.entries());
    state = next;
    if (effect === undefined) return;
    if (!isBusy || effect.type === 'suspend') run(effect);
    else if (effect.type === 'interrupt') typedAhead.push(effect.type);
    else if (effect.type === 'submit' && effect.text.trim() !== '') typedAhead.push(effect);
  };

  /** Escape closes a menu or ends a search first. */
  const isStop = (event: KeyEvent) =>
    event.type === 'key' && event.key === 'escape' && !guard.isOn && !state.menu && !state.search;

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
    resolve('end');
    mode.leave();
    pump.close();
    stopListening();
  };

  const pump = createKeyPump(input, start, (events) => {
    for (const event of events) handle(event);
    show();
  });
  const stopListening = listen(
    { input, output, host },
    { onResize: region.resized, onContinue: resume, onEnd: close },
  );
  mode.enter();

  return {
    read(prompt, { isQuestion = false, question, text = '' } = {}) {
      return new Promise((settle) => {
        const ahead = isQuestion ? undefined : typedAhead.shift();
        if (ahead === undefined && state.editing.buffer.text === '') {
          state = { editing: replaceText(state.editing, text) };
        }
        current = { prompt, isQuestion, question, resolve: settle };
        if (isEnded) resolve('end');
        else if (ahead !== undefined) resolve(ahead);
        else if (question !== undefined) showQuestion(question);
        else if (isQuestion) openAnswer();
        else show();
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
