import type { Session } from '@synapse/core';
import { readerDefaults, type ExportFormat } from './export-format.ts';
import { StepCollector, type Step } from './export-steps.ts';

/** Writes one session. */
export interface SessionWriter {
  begin(): string;
  step(step: Step): string;
  end(): string;
}

export interface StepFormatOptions extends Pick<
  ExportFormat,
  'sessions' | 'inlines' | 'begin' | 'end'
> {
  openWriter: (session: Session) => SessionWriter;
}

/** A format for other programs, which know steps instead of messages. It holds one step in memory. */
export function createStepFormat({ openWriter, ...options }: StepFormatOptions): ExportFormat {
  let steps = new StepCollector();
  let writer: SessionWriter;
  return {
    ...readerDefaults,
    ...options,
    beginSession(session) {
      steps = new StepCollector();
      writer = openWriter(session);
      return writer.begin();
    },
    message: (message, _index, bytes) => writeAll(steps.add(message, bytes)),
    endSession: () => writeAll(steps.end()) + writer.end(),
  };

  function writeAll(complete: readonly Step[]): string {
    return complete.map((step) => writer.step(step)).join('');
  }
}

/**
 * JSON that every reader takes: `JSON.stringify` keeps half of a surrogate pair as an escape, for which strict
 * readers refuse the whole file.
 */
export function strictJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/\\(?:ud[89a-f][0-9a-f]{2}|.)/g, (escape) =>
    escape.length === 2 ? escape : '\ufffd',
  );
}
