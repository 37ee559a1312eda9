// Draws docs/images/terminal.svg: the real command in a real pseudo-terminal, with an approval and a diff.
// node scripts/terminal-picture.mjs [--check]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [columns, rows] = [84, 40];
const script = [
  'export SYNAPSE_PROVIDER=demo',
  `synapse -s shopping 'Use edit {"path":"todo.txt","old":"milk","new":"oat milk"}'`,
  'synapse sessions list',
];

const home = mkdtempSync(join(tmpdir(), 'synapse-picture-'));
writeFileSync(join(home, 'todo.txt'), 'Buy milk\n');
const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
for (const line of script) {
  await write(`\x1b[32m$\x1b[0m ${line}\r\n`);
  if (!line.startsWith('synapse')) continue;
  await run(
    line.replace(
      /^synapse/,
      `'${process.execPath}' '${join(root, 'packages/cli/bin/synapse.cjs')}'`,
    ),
  );
}
rmSync(home, { recursive: true, force: true });
const file = join(root, 'docs/images/terminal.svg');
if (!process.argv.includes('--check')) writeFileSync(file, toSvg());
else if (withoutChance(readFileSync(file, 'utf8')) !== withoutChance(toSvg())) {
  console.error('docs/images/terminal.svg is out of date. Run: node scripts/terminal-picture.mjs');
  process.exitCode = 1;
}

/** The ids of sessions and the time that a tool takes differ each time. */
function withoutChance(text) {
  return text
    .replaceAll(/\b01[0-9a-f]{6}(-[0-9a-f]+)*\b/g, 'id')
    .replaceAll(/\b[\d.]+ m?s\b/g, 'time');
}

function write(text) {
  return new Promise((resolve) => terminal.write(text, resolve));
}

function run(command) {
  const child = pty.spawn('/bin/sh', ['-c', command], {
    cols: columns,
    rows,
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, TERM: 'xterm-256color', SYNAPSE_PROVIDER: 'demo' },
  });
  let written = Promise.resolve();
  let output = '';
  child.onData((data) => {
    written = written.then(() => write(data));
    output += data;
    if (!output.includes('Run it?')) return;
    output = '';
    child.write('y');
  });
  return new Promise((resolve) => child.onExit(() => setTimeout(() => written.then(resolve), 50)));
}

function toSvg() {
  const [width, height] = [8.4, 18];
  const buffer = terminal.buffer.active;
  const last = buffer.baseY + buffer.cursorY;
  const lines = [];
  for (let y = 0; y < last; y++) lines.push(spansOf(buffer.getLine(y)));
  const body = lines.map((spans, y) => {
    const text = spans.map(({ text, style }) => `<tspan${style}>${escape(text)}</tspan>`).join('');
    return `<text x="16" y="${40 + y * height}" xml:space="preserve">${text}</text>`;
  });
  const [w, h] = [32 + columns * width, 52 + lines.length * height];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" fill="#d8dee9">
<rect width="100%" height="100%" rx="8" fill="#1e222a"/>
<g fill="#4c566a"><circle cx="18" cy="15" r="5"/><circle cx="34" cy="15" r="5"/><circle cx="50" cy="15" r="5"/></g>
${body.join('\n')}
</svg>
`;
}

function spansOf(line) {
  const spans = [];
  for (let x = 0; x < columns; x++) {
    const cell = line.getCell(x);
    if (cell.getWidth() === 0) continue;
    const style = styleOf(cell);
    const text = cell.getChars() || ' ';
    if (spans.at(-1)?.style === style) spans.at(-1).text += text;
    else spans.push({ text, style });
  }
  if (spans.length > 0) spans.at(-1).text = spans.at(-1).text.trimEnd();
  return spans;
}

function styleOf(cell) {
  const colors = [
    '#4c566a',
    '#e06c75',
    '#a3be8c',
    '#ebcb8b',
    '#81a1c1',
    '#b48ead',
    '#88c0d0',
    '#e5e9f0',
  ];
  const color = cell.isFgDefault() ? '' : ` fill="${colors[cell.getFgColor() % 8]}"`;
  const weight = cell.isBold() ? ' font-weight="bold"' : '';
  return `${color}${weight}${cell.isDim() ? ' opacity="0.6"' : ''}`;
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
