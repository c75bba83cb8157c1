// Reads what vitest's JSON reporter wrote.
//   results.mjs failed-files ALL          the files to run again, one a line; none when too much failed
//   results.mjs summary ALL [AGAIN]       what passed only alone, and the closing line
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** More than these are no neighbour's fault. */
const MOST_TO_TRY_AGAIN = 3;

const [command, all, again] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${line}\n`);
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Files with the tests that failed in them; a file that could not be loaded has none. */
const failuresOf = ({ testResults }) =>
  testResults
    .filter(({ status }) => status === 'failed')
    .map(({ name, assertionResults }) => ({
      file: relative(process.cwd(), name),
      tests: assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    }));

if (command === 'failed-files') {
  const failures = failuresOf(read(all));
  const isFew = failures.flatMap(({ tests }) => tests).length <= MOST_TO_TRY_AGAIN;
  const isEachATest = failures.every(({ tests }) => tests.length > 0);
  if (isFew && isEachATest) for (const { file } of failures) say(file);
} else {
  const first = read(all);
  const named = (results) =>
    failuresOf(results).flatMap(({ file, tests }) => tests.map((test) => `${file}: ${test}`));
  const once = named(first);
  const stands = again !== undefined && existsSync(again) ? named(read(again)) : once;
  const forgiven = once.filter((test) => !stands.includes(test));
  for (const test of forgiven) say(`Failed beside others and passed alone: ${test}`);
  const { numPassedTests, numFailedTests, numPendingTests } = first;
  const passed = numPassedTests + numFailedTests - stands.length;
  say(`${passed} passed, ${stands.length} failed, ${numPendingTests} skipped`);
}
