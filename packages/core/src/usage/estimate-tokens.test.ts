import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText } from '@synapse/test/support/arbitraries/texts';
import { estimateTokens } from './estimate-tokens.ts';

// Counted with the tokenizer o200k_base.
const COUNTED: [name: string, tokens: number, text: string][] = [
  [
    'English',
    72,
    'When the ferry left the harbour that morning, nobody on board thought that the storm would arrive before noon. The captain had seen the clouds, but he trusted his barometer more than his eyes, and the barometer said nothing. We drank our coffee, watched the gulls, and talked about the price of wool until the first wave came over the rail.',
  ],
  [
    'German',
    48,
    'Als die Fähre am Morgen den Hafen verließ, dachte niemand an Bord, dass der Sturm noch vor dem Mittag kommen würde. Der Kapitän hatte die Wolken gesehen, aber er vertraute seinem Barometer mehr als seinen Augen.',
  ],
  [
    'Ukrainian',
    63,
    'Коли вранці пором вийшов з гавані, ніхто на борту не думав, що буря прийде ще до обіду. Капітан бачив хмари, але більше довіряв барометру, ніж власним очам.',
  ],
  [
    'Russian',
    49,
    'Когда утром паром вышел из гавани, никто на борту не думал, что буря придёт ещё до обеда. Капитан видел облака, но больше верил барометру, чем своим глазам.',
  ],
  [
    'Chinese',
    48,
    '那天早上渡轮离开港口的时候，船上没有人想到暴风雨会在中午之前到来。船长看见了云，但是他更相信他的气压计，而不是自己的眼睛。',
  ],
  [
    'Japanese',
    60,
    'その朝、フェリーが港を出たとき、昼前に嵐が来ると思った人は船には誰もいなかった。船長は雲を見ていたが、自分の目よりも気圧計を信じていた。',
  ],
  [
    'Korean',
    35,
    '그날 아침 배가 항구를 떠날 때 배에 탄 사람 가운데 점심 전에 폭풍이 올 것이라고 생각한 사람은 아무도 없었다.',
  ],
  [
    'Arabic',
    33,
    'عندما غادرت العبارة الميناء في ذلك الصباح لم يكن أحد على متنها يظن أن العاصفة ستصل قبل الظهر.',
  ],
  ['Hindi', 30, 'उस सुबह जब नाव बंदरगाह से निकली तो किसी ने नहीं सोचा था कि तूफान दोपहर से पहले आ जाएगा।'],
  [
    'TypeScript',
    87,
    "export async function readLines(path: string, limit = 100): Promise<string[]> {\n  const text = await readFile(path, 'utf8');\n  const lines = text.split('\\n').filter((line) => line.trim() !== '');\n  if (lines.length > limit) {\n    throw new RangeError(`${path} has ${lines.length} lines, more than ${limit}.`);\n  }\n  return lines;\n}\n",
  ],
  [
    'Python',
    87,
    'def read_lines(path: str, limit: int = 100) -> list[str]:\n    """Returns the lines of a file that are not empty."""\n    with open(path, encoding="utf-8") as file:\n        lines = [line.rstrip() for line in file if line.strip()]\n    if len(lines) > limit:\n        raise ValueError(f"{path} has {len(lines)} lines")\n    return lines\n',
  ],
  [
    'JSON',
    101,
    '{\n  "name": "ferry",\n  "version": "1.4.0",\n  "private": true,\n  "scripts": {\n    "build": "tsc -b",\n    "test": "jest --ci"\n  },\n  "dependencies": {\n    "pino": "10.1.0",\n    "knex": "3.3.0"\n  },\n  "ports": [\n    8080,\n    8443\n  ]\n}',
  ],
  [
    'a log',
    115,
    '2026-11-02T08:14:55.120Z INFO  [worker-3] request id=4f9a2c17 GET /api/v1/ferries/42 status=200 took 18ms\n2026-11-02T08:14:55.977Z WARN  [worker-1] connection to database lost, retry 2 of 5 in 400ms\n2026-11-02T08:14:56.402Z ERROR [worker-1] timeout after 5000ms\n',
  ],
  ['a hash', 43, '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  [
    'Markdown',
    90,
    '## How to begin\n\n1. **Install** it: `npm install --global ferry`\n2. Run `ferry init` in a folder; it asks *three* questions.\n3. Read [the manual](https://example.org/docs/manual.md#first-steps).\n\n| flag | meaning |\n| --- | --- |\n| `--dry-run` | only says what would be done |\n| `--quiet` | says nothing |\n',
  ],
  [
    'a diff',
    74,
    '@@ -12,7 +12,7 @@ export function retry(options: RetryOptions) {\n   const { attempts, delayMs } = options;\n-  for (let attempt = 0; attempt < attempts; attempt++) {\n+  for (let attempt = 1; attempt <= attempts; attempt++) {\n     await sleep(delayMs * attempt);\n   }\n',
  ],
];

describe('estimateTokens', () => {
  it.each(COUNTED)('is accurate for %s within a fifth', (_name, tokens, text) => {
    expect(estimateTokens(text)).toBeGreaterThan(tokens * 0.8);
    expect(estimateTokens(text)).toBeLessThan(tokens * 1.2);
  });

  it('is zero for empty text, one for a common word', () => {
    expect(estimateTokens('')).toBe(0);
    expect(estimateTokens('the')).toBe(1);
    expect(estimateTokens('\n\n')).toBe(2);
    expect(estimateTokens('123456')).toBe(2);
  });

  it('grows with the text, and never exceeds the sum of its pieces', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(estimateTokens(a + b)).toBeGreaterThanOrEqual(estimateTokens(a));
        expect(estimateTokens(a + b)).toBeLessThanOrEqual(estimateTokens(a) + estimateTokens(b));
      }),
      { numRuns: 1000 },
    );
  });

  it('counts a long run of anything in proportion to its length', () => {
    for (const unit of [
      'a',
      'A',
      ' ',
      '\t',
      '\n',
      '7',
      '-',
      '─',
      'é',
      '你',
      '😀',
      '\ud83d',
      ';!',
    ]) {
      const thousand = estimateTokens(unit.repeat(1000));
      const million = estimateTokens(unit.repeat(1_000_000));
      expect(million / thousand).toBeGreaterThan(700);
      expect(million).toBeLessThanOrEqual(thousand * 1000);
    }
  });
});
