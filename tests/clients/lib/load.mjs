// The load generator, as a client that counts what goes wrong.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPath } from './server.mjs';
import { SECRET } from './token.mjs';

/** Runs it with these flags against the server; its figures, in which there is no error. */
export async function runLoad(server, flags, timeout) {
  assert.ok(existsSync(loadPath), `${loadPath} is not built (CARILLON_LOAD names another)`);
  const json = join(server.dataDir, 'load.json');
  const all = { port: server.port, secret: SECRET, pid: server.pid, json, ...flags };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const { code, output } = await new Promise((done) => {
    execFile(loadPath, args, { timeout }, (error, stdout, stderr) =>
      done({ code: error ? (error.code ?? error.signal) : 0, output: stdout + stderr }),
    );
  });
  assert.equal(code, 0, `${output}\n${server.tail()}`);
  const figures = JSON.parse(readFileSync(json, 'utf8'));
  assert.deepEqual(figures.errors, {});
  return figures;
}
