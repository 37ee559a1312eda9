import { useState } from 'preact/hooks';
import { describeProblem } from '../state/notices.ts';
import { signIn } from '../state/sign-in.ts';

/** Without a token: what to run, and a field for a token that was made for this device. */
export function SignIn() {
  const [given, setGiven] = useState('');
  const [problem, setProblem] = useState<unknown>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    setProblem(null);
    signIn(given.trim()).catch(setProblem);
  };
  return (
    <main class="sign-in" id="main">
      <h1>Synapse</h1>
      <p>This browser has no token for the sessions on this server yet.</p>
      <h2>On the machine of the server</h2>
      <p>This command opens the page, signed in:</p>
      <pre>
        <code>synapse serve --open</code>
      </pre>
      <h2>On another device</h2>
      <p>Make a token for it, and paste the token here:</p>
      <pre>
        <code>synapse serve tokens create phone --scope read --scope write</code>
      </pre>
      <form onSubmit={submit}>
        <label for="token">Token</label>
        <input
          {...{ id: 'token', type: 'password', autocomplete: 'off', required: true }}
          pattern="\s*syn_[A-Za-z0-9_\-]{43}\s*"
          title="syn_ and 43 letters, digits, - or _"
          value={given}
          onInput={({ currentTarget }) => setGiven(currentTarget.value)}
        />
        <button class="main-action">Sign in</button>
      </form>
      {problem !== null && (
        <p class="problem" role="alert">
          {describeProblem(problem).text} {describeProblem(problem).hint}
        </p>
      )}
    </main>
  );
}
