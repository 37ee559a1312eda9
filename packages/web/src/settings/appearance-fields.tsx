import { Choice } from '../frame/choice.tsx';
import { isMotionReduced, textSize, theme } from '../state/appearance.ts';

const themes = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;
const sizes = { small: 'Small', normal: 'Normal', large: 'Large' } as const;

export function AppearanceFields() {
  return (
    <div class="choices">
      <Choice label="Theme" choices={themes} value={theme} />
      <Choice label="Text size" choices={sizes} value={textSize} />
      <label>
        <input
          type="checkbox"
          checked={isMotionReduced.value}
          onChange={({ currentTarget }) => (isMotionReduced.value = currentTarget.checked)}
        />{' '}
        Less motion
      </label>
    </div>
  );
}
