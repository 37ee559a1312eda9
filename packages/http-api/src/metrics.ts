type Labels = Readonly<Record<string, string | number>>;

/** Seconds. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Family {
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  /** By the text of the labels. */
  values: Map<string, number>;
}

/** Figures for Prometheus, in its text format. */
export class Metrics {
  readonly #families = new Map<string, Family>();

  /** Adds to a counter. */
  count(name: string, help: string, labels: Labels = {}, by = 1): void {
    add(this.#family(name, 'counter', help), '', labels, by);
  }

  /** Changes a gauge by this much. */
  change(name: string, help: string, by: number, labels: Labels = {}): void {
    add(this.#family(name, 'gauge', help), '', labels, by);
  }

  /** Notes a duration. */
  observe(name: string, help: string, seconds: number, labels: Labels = {}): void {
    const family = this.#family(name, 'histogram', help);
    for (const bucket of BUCKETS) {
      add(family, '_bucket', { ...labels, le: bucket }, seconds <= bucket ? 1 : 0);
    }
    add(family, '_bucket', { ...labels, le: '+Inf' }, 1);
    add(family, '_sum', labels, seconds);
    add(family, '_count', labels, 1);
  }

  render(): string {
    let text = '';
    for (const [name, { kind, help, values }] of this.#families) {
      text += `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n`;
      for (const [labels, value] of values) text += `${name}${labels} ${value}\n`;
    }
    return text;
  }

  #family(name: string, kind: Family['kind'], help: string): Family {
    let family = this.#families.get(name);
    if (!family) {
      family = { kind, help, values: new Map() };
      this.#families.set(name, family);
    }
    return family;
  }
}

function add({ values }: Family, suffix: string, labels: Labels, by: number): void {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  const key = suffix + (pairs.length > 0 ? `{${pairs.join(',')}}` : '');
  values.set(key, (values.get(key) ?? 0) + by);
}

function escapeLabel(value: string | number): string {
  return String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
