import { SidebarButton } from '../frame/sidebar-button.tsx';
import { AppearanceFields } from './appearance-fields.tsx';
import { DeviceList } from './device-list.tsx';
import { SettingsTable } from './settings-table.tsx';

/** What belongs to this browser, the devices that may ask, and where everything else was set. */
export default function SettingsView() {
  return (
    <section class="page-view settings">
      <header class="session-head">
        <SidebarButton />
        <h1>Settings</h1>
      </header>
      <h2>This browser</h2>
      <AppearanceFields />
      <h2>Tokens and devices</h2>
      <DeviceList />
      <h2>Everything else</h2>
      <SettingsTable />
    </section>
  );
}
