import { isSidebarOpen } from '../sidebar/sidebar-state.ts';

/** On a narrow screen, shows the sessions in front of the view. */
export function SidebarButton() {
  return (
    <button
      class="sidebar-button"
      aria-expanded={isSidebarOpen.value}
      onClick={() => (isSidebarOpen.value = !isSidebarOpen.value)}
    >
      Sessions
    </button>
  );
}
