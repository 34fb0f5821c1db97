// What tests of the mirror begin with: a server that mirrors to one in Stream's place, and comparing
// both sides in the end.
import assert from 'node:assert/strict';
import { Authority } from './authority.mjs';
import { must, wholeOf } from './chat.mjs';
import { closeAll, settled } from './cleanup.mjs';
import { newUser } from './calls.mjs';
import { Server } from './server.mjs';
import { StreamServer } from './stream_server.mjs';
import { apiKey, secret } from './stream_wire.mjs';
import { noLimits } from './suite.mjs';
import { eventually } from './waiting.mjs';

/** How long the far side may take to have everything, with what goes wrong in the tests. */
const CATCH_UP_MS = 60000;

/** Settings of a server that mirrors to `far`, and is in a hurry. */
export const mirrorTo = (far, authority, more = {}) => ({
  ...noLimits,
  STREAM_MIRROR: 'true',
  STREAM_API_KEY: apiKey,
  STREAM_API_SECRET: secret,
  STREAM_BASE_URL: far.url,
  STREAM_CA_FILE: authority.file,
  STREAM_TIMEOUT_MS: '1000',
  STREAM_RETRY_MS: '20',
  ...more,
});

/**
 * A test that runs `body({server, far, authority})` with a server that mirrors to `far`; `how`: the
 * options of the far side, and `env`.
 */
export const withMirror =
  (store, { env, ...how }, body) =>
  async () => {
    const authority = new Authority();
    const far = await StreamServer.open(authority.issue(), how);
    settled(far); // it stays when all devices go
    let server;
    try {
      server = await Server.start({ store, env: mirrorTo(far, authority, env) });
      await body({ server, far, authority });
      const secrets = [secret, 'eyJzZXJ2ZXIiOnRydWV9'];
      for (const hidden of secrets)
        assert.ok(!server.output.includes(hidden), 'a secret in the log');
    } finally {
      await closeAll();
      await server?.stop();
      await far.close();
      authority.close();
    }
  };

/** What `config` tells of the mirror. */
export const mirrorOf = async (server) => {
  const config = await must(server, newUser('watch'), 'GET', '/config');
  assert.ok(!JSON.stringify(config).includes(secret));
  return config.mirror;
};

/** Waits until nothing is left to send; what the mirror tells then. */
export const drained = (server, far) =>
  eventually(
    'the outbox is empty',
    async () => {
      const mirror = await mirrorOf(server);
      return mirror.queued === 0 && mirror;
    },
    CATCH_UP_MS,
    100,
  ).catch(async (error) => {
    const last = JSON.stringify(far.requests.slice(-10));
    throw new Error(`${error.message}\n${JSON.stringify(await mirrorOf(server))}\n${last}`);
  });

/** The channel of a call as the far side has it. */
export const farChannel = (far, callId) => far.channels.get(`call-${callId}`);

/** What a message has to be at the far side. */
export const asFar = ({ callId, id, text, userId, attachments }) => ({
  id: `${callId}-${id}`,
  text,
  user_id: userId,
  ...(attachments.length > 0 && { attachments }),
});

/** The far side has the channel of this call, with these members and every message, in order. */
export async function sameAtFar(server, far, callId, members, { frozen }) {
  const channel = farChannel(far, callId);
  assert.ok(channel, `no channel for ${callId}`);
  assert.equal(channel.createdBy, members[0]);
  assert.deepEqual(channel.members, members);
  assert.equal(channel.frozen, frozen, 'frozen');
  const local = await wholeOf(server, members[0], `messaging:call-${callId}`);
  assert.deepEqual(channel.messages, local.map(asFar));
  for (const user of members) assert.equal(far.users.get(user)?.id, user);
  return local;
}
