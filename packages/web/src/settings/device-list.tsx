import { post } from '../api/client.ts';
import { SureButton } from '../frame/sure-button.tsx';
import { toVisible } from '../markdown/visible-text.tsx';
import { describeProblem, tellProblem } from '../state/notices.ts';
import { token } from '../state/token.ts';
import { useList } from './use-list.ts';

interface Device {
  id: string;
  name: string;
  scopes: string[];
  createdAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
  isCurrent: boolean;
}

/** The tokens in use. Revoking one needs a second press, and can't be undone. */
export function DeviceList() {
  const [list, load] = useList<Device>('/api/tokens');
  const { items, problem } = list.value;
  if (problem !== null) return <p class="remark">{describeProblem(problem).text}</p>;
  if (items === null) return <p class="view-state">Loading …</p>;
  const devices = items.filter(({ revokedAt }) => revokedAt === null);
  return (
    <div class="wide-table" role="region" aria-label="Devices" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">May</th>
            <th scope="col">Since</th>
            <th scope="col">Last used</th>
            <th scope="col">
              <span class="for-readers">Revoke</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {devices.map((device) => (
            <tr key={device.id}>
              <th scope="row" dir="auto">
                {toVisible(device.name)} {device.isCurrent && <small>this browser</small>}
              </th>
              <td>{device.scopes.join(', ')}</td>
              <td>{toDay(device.createdAt)}</td>
              <td>{device.lastUsedAt === null ? 'never' : toDay(device.lastUsedAt)}</td>
              <td>
                <RevokeButton device={device} onRevoked={load} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RevokeButton({ device, onRevoked }: { device: Device; onRevoked: () => Promise<void> }) {
  const revoke = async () => {
    try {
      await post(`/api/tokens/${device.id}/revoke`);
      if (device.isCurrent) token.value = null;
      else await onRevoked();
    } catch (error) {
      tellProblem(error);
    }
  };
  const verb = device.isCurrent ? 'Sign out' : 'Revoke';
  return <SureButton {...{ verb, target: device.name, onSure: () => void revoke() }} />;
}

function toDay(time: string): string {
  return new Date(time).toLocaleDateString('en', { dateStyle: 'medium' });
}
