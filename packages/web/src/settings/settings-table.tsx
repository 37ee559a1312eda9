import { useSignal } from '@preact/signals';
import { describeProblem } from '../state/notices.ts';
import { toVisible } from '../markdown/visible-text.tsx';
import { useList } from './use-list.ts';

interface Setting {
  key: string;
  value: unknown;
  origin: {
    source: 'default' | 'file' | 'environment' | 'flag';
    name?: string;
    line?: number | null;
  };
}

/** Settings can't be changed here: whoever has a token could give themselves rights. */
export function SettingsTable() {
  const [list] = useList<Setting>('/api/settings');
  const isWhole = useSignal(false);
  const { items, problem } = list.value;
  if (problem !== null) return <p class="remark">{describeProblem(problem).text}</p>;
  if (items === null) return <p class="view-state">Loading …</p>;
  const shown = isWhole.value ? items : items.filter(({ origin }) => origin.source !== 'default');
  return (
    <>
      <p class="remark">
        Change these with <code>synapse config set</code> or in the file; restart the server.
      </p>
      <label>
        <input
          type="checkbox"
          checked={isWhole.value}
          onChange={({ currentTarget }) => (isWhole.value = currentTarget.checked)}
        />{' '}
        Show defaults, too
      </label>
      {shown.length === 0 && <p class="view-state">Every setting has its default.</p>}
      {shown.length > 0 && (
        <div class="wide-table" role="region" aria-label="Settings" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Setting</th>
                <th scope="col">Value</th>
                <th scope="col">Set by</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ key, value, origin }) => (
                <tr key={key}>
                  <th scope="row">
                    <code>{toVisible(key)}</code>
                  </th>
                  <td>{toVisible(toText(value))}</td>
                  <td>{toVisible(describeOrigin(origin))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function toText(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function describeOrigin({ source, name = '', line = null }: Setting['origin']): string {
  switch (source) {
    case 'default':
      return 'default';
    case 'file':
      return line === null ? name : `${name}:${line}`;
    case 'environment':
      return `variable ${name}`;
    case 'flag':
      return `flag ${name}`;
  }
}
