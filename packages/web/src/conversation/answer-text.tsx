/** The text of an answer as it was written. */
export function AnswerText({ text }: { text: string; isOpen: boolean }) {
  return <div class="plain-text">{text}</div>;
}
