import { filters, knownValues, setFilters, type Filters } from '../state/sessions.ts';

const choices = [
  { name: 'tag', label: 'Tag' },
  { name: 'workingDirectory', label: 'Folder' },
  { name: 'provider', label: 'Provider' },
  { name: 'origin', label: 'Origin' },
] as const;

export function SessionFilters() {
  const { text, list } = filters.value;
  const count = choices.filter(({ name }) => filters.value[name] !== '').length;
  return (
    <div class="filters">
      <input
        {...{ type: 'search', 'aria-label': 'Find a session', placeholder: 'Find a session' }}
        value={text}
        onInput={({ currentTarget }) => setFilters({ text: currentTarget.value })}
      />
      <details>
        <summary>
          Filters{count > 0 ? ` (${count})` : ''}
          {list === 'current' ? '' : `, ${list === 'trash' ? 'in the trash' : 'archived'}`}
        </summary>
        <div class="filter-fields">
          {choices.map(({ name, label }) => (
            <label key={name}>
              {label}
              <select
                value={filters.value[name]}
                onChange={({ currentTarget }) => setFilters({ [name]: currentTarget.value })}
              >
                <option value="">Any</option>
                {valuesOf(name).map((value) => (
                  <option key={value}>{value}</option>
                ))}
              </select>
            </label>
          ))}
          <label>
            List
            <select
              value={list}
              onChange={({ currentTarget }) =>
                setFilters({ list: currentTarget.value as Filters['list'] })
              }
            >
              <option value="current">Current</option>
              <option value="archived">Archived</option>
              <option value="trash">Trash</option>
            </select>
          </label>
        </div>
      </details>
    </div>
  );
}

/** The chosen value stays in the list, even if no session that is shown has it. */
function valuesOf(name: (typeof choices)[number]['name']): string[] {
  const chosen = filters.value[name];
  const known = knownValues.value[name];
  return chosen === '' || known.includes(chosen) ? known : [chosen, ...known];
}
