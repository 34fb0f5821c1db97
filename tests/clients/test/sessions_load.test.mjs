// Many sessions of eight at once, driven by the load generator.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runLoad } from '../lib/load.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { pageOf } from '../lib/sessions.mjs';
import { bothStores, TEST_MS, withServer } from '../lib/suite.mjs';

const flags = { sessions: 20, members: 8, 'calls-each': 2, 'user-prefix': 'many-' };

describe('twenty sessions of eight at once', () => {
  for (const store of bothStores) {
    const skip = store === 'postgres' ? skipPostgres : false;
    it(
      `meet without an error (${store})`,
      { skip, timeout: TEST_MS },
      withServer(store, {}, async (server) => {
        const figures = await runLoad(server, flags, TEST_MS);
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
      }),
    );
  }
});
