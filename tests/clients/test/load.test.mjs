// A hundred pairs that call at once, driven by the load generator.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { history } from '../lib/rest.mjs';
import { loadPath, Server } from '../lib/server.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { bothStores, TEST_MS } from '../lib/suite.mjs';
import { SECRET } from '../lib/token.mjs';

const env = { LIMITS_COSTLY_PER_MINUTE: '0', LIMITS_SOCKET_EVENTS_PER_SECOND: '0' };

describe('a hundred pairs at once', () => {
  for (const store of bothStores) {
    const skip = store === 'postgres' ? skipPostgres : false;
    it(`make their calls without an error (${store})`, { skip, timeout: 3 * TEST_MS }, async () => {
      assert.ok(existsSync(loadPath), `${loadPath} is not built (CARILLON_LOAD names another)`);
      const server = await Server.start({ store, env });
      try {
        const json = join(server.dataDir, 'load.json');
        const args = [
          '--port',
          server.port,
          '--secret',
          SECRET,
          '--pid',
          server.pid,
          '--json',
          json,
        ];
        const load = [...args, '--pairs', 100, '--calls-per-pair', 3, '--user-prefix', 'pair-'];
        const { code, output } = await new Promise((done) => {
          execFile(loadPath, load.map(String), { timeout: 2 * TEST_MS }, (error, stdout, stderr) =>
            done({ code: error ? (error.code ?? error.signal) : 0, output: stdout + stderr }),
          );
        });
        assert.equal(code, 0, `${output}\n${server.tail()}`);
        const figures = JSON.parse(readFileSync(json, 'utf8'));
        assert.deepEqual(figures.errors, {});
        assert.equal(figures.calls, 300);
        assert.equal(figures.relayed, 300 * 22);
        for (const user of ['pair-a0', 'pair-b99']) {
          const page = await history(server, user);
          const statuses = page.data.map((call) => call.status);
          // One call of each pair is the warm-up.
          assert.deepEqual(statuses, Array(4).fill('completed'));
        }
      } finally {
        await server.stop();
      }
    });
  }
});
