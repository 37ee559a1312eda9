import { ConfigError } from '../errors/config-error.ts';
import { escapeExpression, parseShellPattern, type ShellPattern } from './shell-pattern.ts';

export type Verdict = 'allow' | 'ask' | 'deny';

/** One rule of the policy: `shell: git log *`, `write: src/**`, or `fetch` for every call. */
export interface ToolRule {
  verdict: Verdict;
  /** As the user wrote it. */
  text: string;
  tool: RegExp;
  /** Null for a rule about every call of the tool. */
  pattern: RulePattern | null;
}

/** The pattern in each form that the subjects of tools may need. */
export interface RulePattern {
  text: string;
  shell: ShellPattern | undefined;
  path: RegExp;
  url: RegExp;
  plain: RegExp;
}

export interface RuleLists {
  allow?: readonly string[];
  ask?: readonly string[];
  deny?: readonly string[];
}

/** The last matching rule decides, so rules that deny come last. */
export function parseToolRules({ allow = [], ask = [], deny = [] }: RuleLists): ToolRule[] {
  return [
    ...allow.map((text) => parseToolRule(text, 'allow')),
    ...ask.map((text) => parseToolRule(text, 'ask')),
    ...deny.map((text) => parseToolRule(text, 'deny')),
  ];
}

/** Throws a ConfigError if the text is not a rule. */
export function parseToolRule(text: string, verdict: Verdict): ToolRule {
  const [, tool, rest = ''] = /^\s*([\w*-]+)\s*(?::([^]*))?$/.exec(text) ?? [];
  const pattern = rest.trim();
  const shell = parseShellPattern(pattern);
  if (tool === undefined || (text.includes(':') && pattern === '') || !shell) {
    throw new ConfigError(`"${text}" is not a rule for tools.`, {
      hint: 'A rule is the name of a tool, or a name and a pattern: "shell: git log *".',
    });
  }
  return {
    verdict,
    text: text.trim(),
    tool: new RegExp(`^${tool.split('*').map(escapeExpression).join('.*')}$`),
    pattern:
      pattern === '' || pattern === '*'
        ? null
        : {
            text: pattern,
            shell,
            path: toPathExpression(pattern, verdict),
            url: toUrlExpression(pattern, verdict),
            plain: toExpression(pattern),
          },
  };
}

function toExpression(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('*').map(escapeExpression).join('[^]*')}$`);
}

/** In the host of an address, `*` never matches beyond the host. */
function toUrlExpression(pattern: string, verdict: Verdict): RegExp {
  const [, host = '', path = ''] = /^([^:/]*:\/\/[^/]*)?([^]*)$/.exec(pattern) ?? [];
  const fill = (text: string, star: string) => text.split('*').map(escapeExpression).join(star);
  const source = `^${fill(host, '[^/?#@]*')}${fill(path, '[^]*')}$`;
  return new RegExp(source, verdict === 'allow' ? '' : 'i');
}

/** `*` matches within one folder, `**` any number of folders. */
function toPathExpression(pattern: string, verdict: Verdict): RegExp {
  const source = pattern
    .replace(/^\.\//, '')
    .split(/(\*\*\/|\*\*|\*)/)
    .map((piece) => {
      if (piece === '**/') return '(?:[^]*/)?';
      if (piece === '**') return '[^]*';
      return piece === '*' ? '[^/]*' : escapeExpression(piece);
    })
    .join('');
  // Some file systems ignore case; a rule that asks or denies must match there too.
  return new RegExp(`^${source}$`, verdict === 'allow' ? '' : 'i');
}
