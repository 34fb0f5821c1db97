// Many sessions of eight at once, driven by the load generator.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { skipPostgres } from '../lib/postgres.mjs';
import { loadPath, Server } from '../lib/server.mjs';
import { pageOf } from '../lib/sessions.mjs';
import { bothStores, TEST_MS } from '../lib/suite.mjs';
import { SECRET } from '../lib/token.mjs';

const env = {
  LIMITS_COSTLY_PER_MINUTE: '0',
  LIMITS_SOCKET_EVENTS_PER_SECOND: '0',
  LIMITS_REST_PER_SECOND: '0',
};

describe('twenty sessions of eight at once', () => {
  for (const store of bothStores) {
    const skip = store === 'postgres' ? skipPostgres : false;
    it(`meet without an error (${store})`, { skip, timeout: TEST_MS }, async () => {
      assert.ok(existsSync(loadPath), `${loadPath} is not built (CARILLON_LOAD names another)`);
      const server = await Server.start({ store, env });
      try {
        const json = join(server.dataDir, 'load.json');
        const settings = { port: server.port, secret: SECRET, pid: server.pid, json };
        const load = { sessions: 20, members: 8, 'calls-each': 2, 'user-prefix': 'many-' };
        const args = Object.entries({ ...settings, ...load }).flatMap(([name, value]) => [
          `--${name}`,
          String(value),
        ]);
        const { code, output } = await new Promise((done) => {
          execFile(loadPath, args, { timeout: TEST_MS }, (error, stdout, stderr) =>
            done({ code: error ? (error.code ?? error.signal) : 0, output: stdout + stderr }),
          );
        });
        assert.equal(code, 0, `${output}\n${server.tail()}`);
        const figures = JSON.parse(readFileSync(json, 'utf8'));
        assert.deepEqual(figures.errors, {});
        assert.equal(figures.calls, 20 * 2);
        // Between each two an offer, an answer, and ten candidates each way.
        assert.equal(figures.relayed, 20 * 2 * 56 * 11);
        for (const user of ['many-s0-0', 'many-s19-7']) {
          const { sessions, pagination } = await pageOf(server, user);
          assert.equal(pagination.total, 3); // one is the warm-up
          for (const session of sessions) {
            assert.deepEqual([session.status, session.endReason], ['ended', 'last-left']);
            assert.ok(session.participants.every((person) => person.joinedAt && person.leftAt));
          }
        }
      } finally {
        await server.stop();
      }
    });
  }
});
