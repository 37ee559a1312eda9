// Draws docs/images/terminal.svg: the real command, run in a real pseudo-terminal.
// node scripts/terminal-picture.mjs [--check]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pty from '@lydell/node-pty';
import xterm from '@xterm/headless';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [columns, rows] = [84, 27];
const script = [
  'synapse --provider demo "My name is Ada. What are you?"',
  'synapse --continue "And who am I?"',
  'synapse sessions list',
];

const home = mkdtempSync(join(tmpdir(), 'synapse-picture-'));
const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
for (const line of script) {
  await write(`\x1b[32m$\x1b[0m ${line}\r\n`);
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
else if (withoutIds(readFileSync(file, 'utf8')) !== withoutIds(toSvg())) {
  console.error('docs/images/terminal.svg shows what is printed no longer; draw it again.');
  process.exitCode = 1;
}

/** The ids of sessions differ each time. */
function withoutIds(text) {
  return text.replaceAll(/\b01[0-9a-f]{6}(-[0-9a-f]+)*\b/g, 'id');
}

function write(text) {
  return new Promise((resolve) => terminal.write(text, resolve));
}

function run(command) {
  const child = pty.spawn('/bin/sh', ['-c', command], {
    cols: columns,
    rows,
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, TERM: 'xterm-256color' },
  });
  let written = Promise.resolve();
  child.onData((data) => (written = written.then(() => write(data))));
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
