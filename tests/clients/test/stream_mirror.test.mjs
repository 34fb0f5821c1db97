// The mirror to Stream: what arrives there is what happened here, once and in order, whatever goes
// wrong on the way; and each request is one that Stream's own SDK would have sent.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { describe, it } from 'node:test';
import { StreamChat } from 'stream-chat';
import { Authority } from '../lib/authority.mjs';
import { newUser, pair, ring, talk } from '../lib/calls.mjs';
import { channelOf, create, end, knownUsers, must, post, say } from '../lib/chat.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { drained, farChannel, mirrorOf, sameAtFar, withMirror } from '../lib/mirror.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { request } from '../lib/rest.mjs';
import { assemble, crowd, endSession } from '../lib/sessions.mjs';
import { planned, StreamServer } from '../lib/stream_server.mjs';
import { apiKey, secret } from '../lib/stream_wire.mjs';
import { bothStores, TEST_MS } from '../lib/suite.mjs';
import { token } from '../lib/token.mjs';
import * as video from '../lib/video.mjs';

/** A bit of everything that may go wrong with a request, and with a connection. */
const odds = {
  throttled: 0.01,
  'throttled until': 0.01,
  'throttled somehow': 0.02,
  failed: 0.04,
  'failed and taken': 0.04,
  'bad gateway': 0.03,
  hung: 0.01,
  'hung and taken': 0.01,
  'cut before': 0.03,
  'cut after': 0.04,
  'cut answer': 0.04,
  'slow answer': 0.03,
};
const connectionOdds = { reset: 0.1, slow: 0.15, silent: 0.03 };

/** A direct call and a session in which all chat; the calls, as `[id, members]`. */
async function chats(server, count) {
  const { alice, bob } = await pair(server);
  const callId = await talk(alice, bob);
  const people = await crowd(server, 4);
  const { sessionId } = await assemble(server, people);
  const chatter = async (device, id) => {
    for (let n = 0; n < count; ++n) {
      const attachments = n % 5 === 0 ? [{ type: 'file', n, '"': '𝄞' }] : [];
      await say(device, channelOf(id), `${n} "from" ${device.user} é𝄞`, { attachments });
    }
  };
  await Promise.all([
    ...[alice, bob].map((device) => chatter(device, callId)),
    ...people.map((device) => chatter(device, sessionId)),
  ]);
  await alice.must('endCall', { callId });
  await endSession(server, people[0], sessionId);
  return [
    [callId, [alice.user, bob.user]],
    [sessionId, people.map(({ user }) => user)],
  ];
}

describe("the server in Stream's place", () => {
  it("takes what Stream's SDK sends", { timeout: TEST_MS }, async () => {
    const authority = new Authority();
    try {
      const far = await StreamServer.open(authority.issue(), { bySdk: true });
      const httpsAgent = new https.Agent({ ca: readFileSync(authority.file) });
      const sdk = new StreamChat(apiKey, secret, { baseURL: far.url, httpsAgent });
      await sdk.upsertUsers([
        { id: 'u', name: 'U', role: 'user', image: 'http://localhost/u.png' },
      ]);
      const data = { members: ['u'], created_by_id: 'u', name: 'Call' };
      const channel = sdk.channel('messaging', 'call-1', data);
      await assert.rejects(
        channel.sendMessage({ id: 'm', text: 'x', user_id: 'u' }),
        /find channel/,
      );
      await channel.create();
      await channel.sendMessage({ id: 'm', text: 'x', user_id: 'u' });
      const again = channel.sendMessage({ id: 'm', text: 'x', user_id: 'u' });
      await assert.rejects(again, /already exists/);
      await channel.update({ name: 'Call', frozen: true });
      await assert.rejects(channel.sendMessage({ id: 'n', text: 'x', user_id: 'u' }), /frozen/);
      assert.deepEqual(far.complaints, []);
      assert.deepEqual(farChannel(far, '1'), {
        createdBy: 'u',
        members: ['u'],
        frozen: true,
        messages: [{ id: 'm', text: 'x', user_id: 'u' }],
      });
    } finally {
      await closeAll();
      authority.close();
    }
  });
});

for (const store of bothStores) {
  const skip = store === 'postgres' ? skipPostgres : false;

  describe(`the mirror (${store})`, { skip }, () => {
    it(
      'makes users, channels and messages',
      { timeout: 2 * TEST_MS },
      withMirror(store, { base: '/some/where' }, async ({ server, far }) => {
        const calls = await chats(server, 5);
        const mirror = await drained(server, far);
        assert.deepEqual(mirror, { enabled: true, queued: 0, failed: 0, lastError: null });
        for (const [callId, members] of calls) {
          const local = await sameAtFar(server, far, callId, members, { frozen: true });
          assert.equal(local.length, 5 * members.length);
        }
        assert.equal(
          far.repeats,
          2,
          'a channel is opened with its call, and with its first message',
        );
        assert.deepEqual(far.complaints, []);
      }),
    );

    it(
      'has one effect for each thing, whatever goes wrong',
      { timeout: 3 * TEST_MS },
      withMirror(
        store,
        { plan: planned(7, odds), connectionPlan: planned(8, connectionOdds) },
        async ({ server, far }) => {
          const calls = await chats(server, 20);
          const mirror = await drained(server, far);
          assert.deepEqual(far.complaints, []);
          assert.equal(mirror.failed, 0, JSON.stringify(mirror));
          assert.notEqual(mirror.lastError, null);
          for (const [callId, members] of calls) {
            const local = await sameAtFar(server, far, callId, members, { frozen: true });
            assert.equal(local.length, 20 * members.length);
          }
          const faults = new Set(far.requests.map(({ fault }) => fault));
          assert.ok(faults.size > 8, `only ${[...faults]}`);
          assert.ok(far.repeats > 2, 'nothing was sent twice');
        },
      ),
    );

    it(
      'follows what is made by hand',
      { timeout: TEST_MS },
      withMirror(store, {}, async ({ server, far }) => {
        // Users.
        const alice = newUser('alice');
        const image = 'https://example.com/a.png';
        await must(server, alice, 'POST', '/user/upsert', {
          userData: { name: 'Älice "A"', image },
        });
        const bob = newUser('bob');
        const userData = { name: 'Bob B.' };
        await must(server, bob, 'POST', '/token', { userData });
        await must(server, bob, 'POST', '/token', {});
        const moderator = { token: token(newUser('carol'), { role: 'moderator' }) };
        await must(server, moderator, 'POST', '/user/upsert', { userData: { name: 'Carol' } });
        await drained(server, far);
        assert.deepEqual(far.users.get(alice), {
          id: alice,
          name: 'Älice "A"',
          role: 'user',
          image,
        });
        assert.equal(far.users.get(bob).name, 'Bob B.');
        assert.deepEqual(
          [...far.users.values()].map(({ role }) => role),
          ['user', 'user', 'user'],
        );
        assert.equal(far.requests.length, 3);

        // A channel without a call, with an id that needs escaping.
        const callId = `${newUser('a+b/c?d=e')}%é`;
        await create(server, alice, callId, [bob]);
        await post(server, bob, channelOf(callId), 'hello', { id: 'é/?' });
        await end(server, alice, callId);
        await drained(server, far);
        await sameAtFar(server, far, callId, [alice, bob], { frozen: true });

        // Video calls have one when they are chatted in, others leave no trace.
        const quiet = await video.begin(server, [alice, bob]);
        const busy = await video.begin(server, [bob, alice]);
        await post(server, alice, channelOf(busy), 'over here');
        for (const each of [quiet, busy]) {
          const creator = each === quiet ? alice : bob;
          await video.setStatus(server, creator, each, 'ended');
        }
        await drained(server, far);
        await sameAtFar(server, far, busy, [bob, alice], { frozen: true });
        assert.equal(farChannel(far, quiet), undefined);
        assert.deepEqual(far.complaints, []);
      }),
    );

    it(
      'knows of a call that nobody chats in, and not of one that never rang',
      { timeout: TEST_MS },
      withMirror(store, {}, async ({ server, far }) => {
        const { alice, bob } = await pair(server);
        const callId = await ring(alice, bob);
        await drained(server, far);
        await sameAtFar(server, far, callId, [alice.user, bob.user], { frozen: false });
        await bob.must('rejectCall', { callId });
        await drained(server, far);
        await sameAtFar(server, far, callId, [alice.user, bob.user], { frozen: true });
        const [away] = await knownUsers(server, 'away');
        const body = { receiverId: away, callType: 'audio' };
        const answer = await request(server, alice.user, 'POST', '/api/calls/initiate', body);
        assert.equal(answer.status, 409);
        const last = await talk(alice, bob);
        await alice.must('endCall', { callId: last });
        await drained(server, far);
        assert.equal(far.channels.size, 2);
        assert.equal(far.repeats, 0);
      }),
    );

    it(
      'puts what is refused aside, and goes on',
      { timeout: TEST_MS },
      withMirror(store, {}, async ({ server, far }) => {
        const { alice, bob } = await pair(server);
        const callId = await talk(alice, bob);
        const channelId = channelOf(callId);
        far.poison.add(`${callId}-m3`);
        for (let n = 0; n < 10; ++n) await say(alice, channelId, `${n}`, { id: `m${n}` });
        const mirror = await drained(server, far);
        assert.equal(mirror.failed, 1);
        assert.match(mirror.lastError, /400/);
        const texts = farChannel(far, callId).messages.map(({ text }) => text);
        assert.deepEqual(texts, ['0', '1', '2', '4', '5', '6', '7', '8', '9']);
        // It is still told after a restart, and not tried again.
        await server.terminate();
        await server.launch();
        const later = await mirrorOf(server);
        assert.deepEqual([later.queued, later.failed], [0, 1]);
        assert.match(later.lastError, /400/);
        const tries = far.requests.filter(({ id }) => id === `${callId}-m3`);
        assert.equal(tries.length, 1);
      }),
    );
  });
}
