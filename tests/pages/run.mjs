// Runs the test files with node's own runner: first those that need no browser, then one at a time
// those that do, since a browser and its videos take all of a small machine. `npm test -- call ops`
// runs only the files with these names.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const filesOf = (folder) =>
  readdirSync(join(here, folder))
    .filter((name) => name.endsWith('.test.mjs'))
    .filter((name) => !wanted.length || wanted.includes(name.replace('.test.mjs', '')))
    .map((name) => join(here, folder, name));

const seconds = Number(process.env.CARILLON_PAGES_SECONDS ?? 900);
const bound = new AbortController();
const timer = setTimeout(() => {
  console.error(`the tests of the pages took more than ${seconds} s`);
  process.exitCode = 1;
  bound.abort();
}, seconds * 1000);
// Ended from outside, the file that runs is ended too, and with it its server and its browser.
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => bound.abort());

let passed = 0;
const results = run({
  files: [...filesOf('unit'), ...filesOf('test')],
  concurrency: 1,
  signal: bound.signal,
});
results.on('test:pass', ({ skip }) => (passed += skip === undefined ? 1 : 0));
results.on('test:fail', () => (process.exitCode = 1));
results.compose(new spec()).pipe(process.stdout);
results.on('end', () => {
  clearTimeout(timer);
  if (passed) return;
  console.error('no test passed');
  process.exitCode = 1;
});
