import { Markdown } from '../markdown/markdown.tsx';

/** The text of an answer, to which more may be added while it is open. */
export function AnswerText({ text, isOpen }: { text: string; isOpen: boolean }) {
  return <Markdown text={text} isGrowing={isOpen} />;
}
