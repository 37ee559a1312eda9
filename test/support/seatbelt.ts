type Expression = string | Expression[];

export interface Seatbelt {
  /** The rules as they are handed over, without the values of their parameters. */
  text: string;
  /** Whether an operation on a path, a service, or another target is let through. */
  allows(operation: string, target: string): boolean;
}

/** Reads the rules in a command of macOS's sandbox-exec: of those that fit, the last decides. */
export function readSeatbelt(command: readonly string[]): Seatbelt {
  const parameters = new Map<string, string>();
  let index = 1;
  for (; command[index] === '-D'; index += 2) {
    const [, name = '', value = ''] = /^(\w+)=([^]*)$/.exec(command[index + 1] ?? '') ?? [];
    parameters.set(name, value);
  }
  if (command[index] !== '-p') throw new Error('There are no rules.');
  const text = command[index + 1] ?? '';
  const [version, fallback, ...rules] = parse(text);
  if (JSON.stringify([version, fallback]) !== '[["version","1"],["deny","default"]]') {
    throw new Error('What no rule allows is not denied.');
  }

  const valueOf = (expression: Expression | undefined): string => {
    if (typeof expression === 'string') return expression.replace(/^"|"$/g, '');
    const [, name] = expression ?? [];
    const value = parameters.get(valueOf(name));
    if (value === undefined) throw new Error('A parameter has no value.');
    return value;
  };
  const fits = (filter: Expression, target: string): boolean => {
    if (typeof filter === 'string') throw new Error(`"${filter}" is no filter.`);
    const [kind, inner, further] = filter;
    if (kind === 'remote' && inner === 'unix-socket') {
      return target.startsWith('/') && (further === undefined || fits(further, target));
    }
    const value = valueOf(inner);
    switch (kind) {
      case 'literal':
      case 'path-literal':
      case 'global-name':
      case 'sysctl-name':
      case 'target':
        return target === value;
      case 'sysctl-name-prefix':
        return target.startsWith(value);
      case 'subpath':
        return target === value || target.startsWith(`${value}/`);
      default:
        throw new Error(`The filter "${String(kind)}" is unknown.`);
    }
  };
  const means = (pattern: string, operation: string): boolean =>
    pattern.endsWith('*') ? operation.startsWith(pattern.slice(0, -1)) : operation === pattern;

  return {
    text,
    allows(operation, target) {
      let isAllowed = false;
      for (const rule of rules) {
        if (typeof rule === 'string') throw new Error(`"${rule}" is no rule.`);
        const [action, ...rest] = rule;
        const operations = rest.filter((one) => typeof one === 'string');
        const filters = rest.filter((one) => typeof one !== 'string');
        if (!operations.some((one) => means(one, operation))) continue;
        if (filters.length > 0 && !filters.some((one) => fits(one, target))) continue;
        isAllowed = action === 'allow';
      }
      return isAllowed;
    },
  };
}

function parse(text: string): Expression[] {
  const tokens = text.match(/[()]|"[^"]*"|[^\s()"]+/g) ?? [];
  const stack: Expression[][] = [[]];
  for (const token of tokens) {
    const current = stack.at(-1) ?? [];
    if (token === '(') {
      const inner: Expression[] = [];
      current.push(inner);
      stack.push(inner);
    } else if (token === ')') stack.pop();
    else current.push(token);
  }
  const [rules = []] = stack;
  if (stack.length !== 1) throw new Error('The parentheses do not match.');
  return rules;
}
