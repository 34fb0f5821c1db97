// What a server shows at /metrics, and promtool's word on it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';

/** The text of /metrics. */
export async function metricsText(server) {
  const answer = await fetch(`${server.url}/metrics`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  return answer.text();
}

/** The value of each series, by its name and labels as they stand there. */
export async function metrics(server) {
  const lines = (await metricsText(server)).split('\n').filter((line) => /^[a-z]/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

/** False, or why promtool cannot be asked; where everything is required it is, too. */
export function skipPromtool() {
  try {
    execFileSync('promtool', ['--version'], { stdio: 'ignore' });
    return false;
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    return 'promtool is not installed';
  }
}

/** Fails unless promtool finds nothing to say about the text. */
export function checkByPromtool(text) {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
    timeout: 20000,
  });
  assert.deepEqual({ status, said: stdout + stderr }, { status: 0, said: '' });
}
