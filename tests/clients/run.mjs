// Runs the test files with node's own runner, several at a time: most of them wait for the server's
// timers most of the time. `npm test -- devices relay` runs only the files with these names.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import './lib/postgres.mjs'; // refuses to begin where PostgreSQL is required and missing

const directory = join(dirname(fileURLToPath(import.meta.url)), 'test');
const wanted = process.argv.slice(2);
const files = readdirSync(directory)
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => !wanted.length || wanted.includes(name.replace('.test.mjs', '')))
  .map((name) => join(directory, name));

let passed = 0;
const results = run({ files, concurrency: Number(process.env.CARILLON_TEST_FILES_AT_ONCE ?? 4) });
results.on('test:pass', () => ++passed);
results.on('test:fail', () => (process.exitCode = 1));
results.compose(new spec()).pipe(process.stdout);
results.on('end', () => {
  if (passed) return;
  console.error('no test passed');
  process.exitCode = 1;
});
