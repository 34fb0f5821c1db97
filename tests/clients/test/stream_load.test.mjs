// Many channels at once, driven by the load generator, which checks order and content of each message
// at each member.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runLoad } from '../lib/load.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { bothStores, TEST_MS, withServer } from '../lib/suite.mjs';

const kinds = {
  'direct calls': { pairs: 30 },
  'sessions of eight': { sessions: 5, members: 8 },
};

describe('many channels at once', () => {
  for (const store of bothStores) {
    const skip = store === 'postgres' ? skipPostgres : false;
    for (const [kind, who] of Object.entries(kinds)) {
      it(
        `of ${kind} chat without an error (${store})`,
        { skip, timeout: TEST_MS },
        withServer(store, {}, async (server) => {
          const flags = { ...who, chat: 20, seconds: 2 };
          const { said, heard } = await runLoad(server, flags, TEST_MS);
          const channels = who.pairs ?? who.sessions;
          // A busy machine may be late with the last of them.
          assert.ok(said > channels * 20, `${said} were said`);
          assert.ok(heard > said, `${heard} were heard`);
        }),
      );
    }
  }
});
