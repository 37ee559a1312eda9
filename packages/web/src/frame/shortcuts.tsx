import { SidebarButton } from './sidebar-button.tsx';
import { commands, sessionKeys } from './commands.ts';

export function Shortcuts() {
  return (
    <section class="page-view">
      <header class="session-head">
        <SidebarButton />
        <h1>Keyboard shortcuts</h1>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Action</th>
          </tr>
        </thead>
        <tbody>
          {[
            ...commands,
            ...sessionKeys,
            { name: 'Send the question', keys: 'Enter' },
            { name: 'New line in the question', keys: 'Shift+Enter' },
          ].map(({ name, keys }) => (
            <tr key={keys}>
              <td>
                <kbd>{keys}</kbd>
              </td>
              <td>{name}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>On a Mac, the command key works as Ctrl, and Option as Alt.</p>
    </section>
  );
}
