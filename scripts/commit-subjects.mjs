// Checks that commit subjects read `area: what changes` and have at most 72 characters.
// node scripts/commit-subjects.mjs [--since <commit>]
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

// Older subjects were written before this rule.
const FIRST = '1de6bdaa12e8d21395bd82f90bf1779a66f39f14';
const LONGEST = 72;

const { values } = parseArgs({ options: { since: { type: 'string', default: FIRST } } });
const subjects = subjectsSince(values.since);
if (subjects === undefined) console.log('commit subjects: not checked, no git history here');
else {
  const wrong = subjects.flatMap(({ commit, subject }) =>
    problemsOf(subject).map((problem) => `${commit} ${problem}: ${subject}`),
  );
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exitCode = 1;
  else console.log(`commit subjects: ${subjects.length} checked`);
}

/** Undefined in an exported or shallow checkout. */
function subjectsSince(commit) {
  const { status, stdout } = spawnSync(
    'git',
    ['log', '--no-merges', '--format=%h %s', `${commit}..HEAD`],
    { encoding: 'utf8' },
  );
  if (status !== 0) return undefined;
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [commit = '', ...words] = line.split(' ');
      return { commit, subject: words.join(' ') };
    });
}

function problemsOf(subject) {
  const length = [...subject].length;
  const problems = [];
  if (length > LONGEST) problems.push(`has ${length} characters, more than ${LONGEST}`);
  if (!/^([a-z][\w./-]*(, )?)+: \S.*[^.\s]$/.test(subject) && !subject.startsWith('Revert "'))
    problems.push('is not "area: what changes" without a full stop');
  return problems;
}
