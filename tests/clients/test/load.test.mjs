// A hundred pairs that call at once, driven by the load generator.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runLoad } from '../lib/load.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { history } from '../lib/rest.mjs';
import { bothStores, TEST_MS, withServer } from '../lib/suite.mjs';

const flags = { pairs: 100, 'calls-per-pair': 3, 'user-prefix': 'pair-' };

describe('a hundred pairs at once', () => {
  for (const store of bothStores) {
    const skip = store === 'postgres' ? skipPostgres : false;
    it(
      `make their calls without an error (${store})`,
      { skip, timeout: 3 * TEST_MS },
      withServer(store, {}, async (server) => {
        const figures = await runLoad(server, flags, 2 * TEST_MS);
        assert.equal(figures.calls, 300);
        assert.equal(figures.relayed, 300 * 22);
        for (const user of ['pair-a0', 'pair-b99']) {
          const page = await history(server, user);
          const statuses = page.data.map((call) => call.status);
          // One call of each pair is the warm-up.
          assert.deepEqual(statuses, Array(4).fill('completed'));
        }
      }),
    );
  }
});
