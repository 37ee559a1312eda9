import type { Approval, ApprovalAnswer } from '../api/types.ts';
import { toVisible } from '../markdown/visible-text.tsx';

/** A tool call that waits for a person: the whole call, with the choices of the terminal. */
export function ApprovalView({
  approval,
  decide,
}: {
  approval: Approval;
  decide: (answer: ApprovalAnswer) => void;
}) {
  const { tool, reason, details, warnings, rules } = approval.question;
  return (
    <section class="approval" aria-label={`Approve ${tool}?`}>
      <h2>
        Run <code>{toVisible(tool)}</code>?
      </h2>
      <p>{toVisible(reason)}</p>
      {warnings.map((warning) => (
        <p class="warning" key={warning}>
          {toVisible(warning)}
        </p>
      ))}
      <dl>
        {details.map(({ name, text }) => (
          <div key={name}>
            <dt>{toVisible(name)}</dt>
            <dd>
              <pre tabIndex={0}>
                <code>{toVisible(text)}</code>
              </pre>
            </dd>
          </div>
        ))}
      </dl>
      <p class="choices">
        <button class="main-action" onClick={() => decide('once')}>
          Allow once
        </button>
        {rules.length > 0 && (
          <>
            <button onClick={() => decide('session')}>Allow for this session</button>
            <button onClick={() => decide('always')}>Always allow</button>
          </>
        )}
        <button onClick={() => decide('no')}>Reject</button>
      </p>
      {rules.length > 0 && (
        <p class="rules">
          The rule for this session or for always: <code>{toVisible(rules.join(', '))}</code>
        </p>
      )}
    </section>
  );
}
