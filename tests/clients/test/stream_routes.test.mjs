// Tokens, users, channels and the configuration under /api/stream.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import jwt from 'jsonwebtoken';
import { newUser, pair, ring, talk } from '../lib/calls.mjs';
import {
  ask,
  channelOf,
  create,
  end,
  hears,
  knownUsers,
  must,
  page,
  pathOf,
  post,
  refusedEvent,
  refusedOf,
  sameMessages,
  say,
} from '../lib/chat.mjs';
import { Device } from '../lib/device.mjs';
import { history, ok, request } from '../lib/rest.mjs';
import { crowd, details, initiate, nextOf, pageOf } from '../lib/sessions.mjs';
import { bothStores, noLimits, suite, TEST_MS } from '../lib/suite.mjs';
import { token } from '../lib/token.mjs';
import { begin, ISO, newCall, show } from '../lib/video.mjs';
import * as video from '../lib/video.mjs';

const admin = newUser('admin');
const key = 'a key of the tests';
const secret = 'a secret that Stream would have, long enough';
const env = { ...noLimits, ADMIN_USERS: admin };
const options = { stores: bothStores, versions: ['latest'] };
const withStream = { STREAM_API_KEY: key, STREAM_API_SECRET: secret };

suite(
  'the stream family with credentials',
  { ...options, env: { ...env, ...withStream } },
  (given) => {
    const { server } = given;
    const makeToken = (who, body) => ok(server(), who, 'POST', '/api/stream/token', body);

    it('gives tokens for a day', { timeout: TEST_MS }, async () => {
      const [alice] = await knownUsers(server(), 'alice');
      for (const body of [
        {},
        { userData: {} },
        { userId: alice },
        { userData: null, userId: null },
      ]) {
        const from = Math.floor(Date.now() / 1000);
        const answer = await makeToken(alice, body);
        assert.deepEqual(Object.keys(answer), ['success', 'token', 'data', 'message']);
        const { data } = answer;
        assert.deepEqual(Object.keys(data), ['token', 'userId', 'apiKey', 'expiresAt']);
        assert.deepEqual([answer.token, data.userId, data.apiKey], [data.token, alice, key]);
        const {
          user_id: user,
          iat,
          exp,
        } = jwt.verify(data.token, secret, { algorithms: ['HS256'] });
        assert.equal(user, alice);
        assert.ok(iat <= from && exp >= from + 23 * 3600 && exp <= from + 24 * 3600 + 60);
        assert.match(data.expiresAt, ISO);
        assert.equal(Date.parse(data.expiresAt), exp * 1000);
      }
      const [bob] = await knownUsers(server(), 'bob');
      const other = { userId: bob };
      await refusedOf(server(), alice, 'POST', '/token', other, 403, 'not_authorized');
      for (const body of [{ userId: 7 }, { userData: 'x' }, { userData: { name: 7 } }]) {
        await refusedOf(server(), alice, 'POST', '/token', body, 400, 'invalid_field');
      }
      const { status, body } = await request(server(), null, 'POST', '/api/stream/token', {});
      assert.deepEqual([status, body.success], [401, false]);
    });

    it('keeps the profile that comes with it', { timeout: TEST_MS }, async () => {
      const alice = newUser('alice');
      const image = 'https://example.com/a.png';
      await makeToken(alice, { userData: { name: 'Alice A.', image, role: 'admin' } });
      const device = await Device.open(server(), newUser('bob'));
      const body = { receiverId: alice, callType: 'audio' };
      const phone = await Device.open(server(), alice);
      const { data } = await ok(server(), device.user, 'POST', '/api/calls/initiate', body);
      assert.equal(data.receiverId.username, 'Alice A.');
      assert.deepEqual(data.receiverId.images, [image]);
      assert.equal(
        (await must(server(), alice, 'POST', '/user/upsert', { userData: { name: 'A' } })).role,
        null,
      );
      phone.close();
    });

    it('tells its configuration without the secret', { timeout: TEST_MS }, async () => {
      const [alice] = await knownUsers(server(), 'alice');
      const answer = await ask(server(), alice, 'GET', '/config');
      const mirror = { enabled: false, queued: 0, failed: 0, lastError: null };
      const data = { configured: true, apiKey: key, hasSecret: true, mirror };
      const message = 'Stream configuration';
      assert.deepEqual(answer.body, { success: true, data, message });
      assert.ok(!server().output.includes(secret));
    });
  },
);

suite('the stream family without credentials', { ...options, env }, ({ server }) => {
  const upsert = (who, userData) => must(server(), who, 'POST', '/user/upsert', { userData });

  it('gives no tokens, and says why', { timeout: TEST_MS }, async () => {
    const [alice] = await knownUsers(server(), 'alice');
    const answer = await refusedOf(
      server(),
      alice,
      'POST',
      '/token',
      {},
      503,
      'stream_not_configured',
    );
    assert.match(JSON.stringify(answer), /stream\.api_secret/);
    const config = await must(server(), alice, 'GET', '/config');
    const mirror = { enabled: false, queued: 0, failed: 0, lastError: null };
    assert.deepEqual(config, { configured: false, apiKey: null, hasSecret: false, mirror });
  });

  it('changes what a user is called', { timeout: TEST_MS }, async () => {
    const alice = newUser('alice');
    const image = 'https://example.com/a.png';
    const who = { token: token(alice, { name: 'From the token', email: `${alice}@example.com` }) };
    const changed = await upsert(who, { name: 'Älice 𝄞', image });
    const expected = {
      id: alice,
      _id: alice,
      name: 'Älice 𝄞',
      username: 'Älice 𝄞',
      email: `${alice}@example.com`,
      image,
      images: [image],
      role: null,
    };
    assert.deepEqual(changed, expected);
    // One field leaves the others; the token's claims of before do not come back.
    const email = 'other@example.com';
    assert.deepEqual(await upsert(who, { email }), { ...expected, email });
    const again = await upsert(who, { name: 'Alice' });
    assert.deepEqual(again, { ...expected, email, name: 'Alice', username: 'Alice' });
    const known = await video.must(server(), who, 'GET', '/user');
    assert.equal(known.user_data.name, 'Alice');

    for (const userData of [undefined, null, {}, 'x', [], { name: 7 }, { name: 'x'.repeat(513) }]) {
      const body = { userData };
      await refusedOf(server(), alice, 'POST', '/user/upsert', body, 400, 'invalid_field');
    }
    const long = 'é'.repeat(512);
    assert.equal((await upsert(who, { name: long })).name, long);
  });

  it('lets only an admin give roles', { timeout: TEST_MS }, async () => {
    const [alice] = await knownUsers(server(), 'alice');
    const body = { userData: { name: 'A', role: 'admin' } };
    await refusedOf(server(), alice, 'POST', '/user/upsert', body, 403, 'not_authorized');
    assert.equal((await upsert(alice, { email: 'a@b' })).role, null);
    assert.equal((await upsert(admin, { role: 'moderator' })).role, 'moderator');
  });

  it('makes channels of calls to come', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await knownUsers(server(), 'alice', 'bob', 'carol');
    const callId = newCall();
    const made = await create(server(), alice, callId, [bob, bob, alice], { callType: 'video' });
    const channelId = channelOf(callId);
    const expected = { callId, channelId, members: [alice, bob] };
    assert.deepEqual(made, expected);
    // The first stays; who is not in does not learn of it.
    assert.deepEqual(await create(server(), bob, callId, [carol]), expected);
    const body = { callId };
    await refusedOf(server(), carol, 'POST', '/call/create', body, 403, 'not_authorized');
    await refusedOf(server(), carol, 'POST', '/call/end', body, 403, 'not_authorized');
    const said = [await post(server(), alice, channelId, 'early')];
    const device = await Device.open(server(), bob);
    said.push(await say(device, channelId, 'me too'));
    assert.deepEqual(await hears(device, channelId, said[1].id), said[1]);

    // The call comes, with one more in it.
    await video.create(server(), alice, callId, [carol]);
    sameMessages((await page(server(), carol, channelId)).messages, said);
    said.push(await post(server(), carol, channelId, 'so am I'));
    assert.deepEqual(await hears(device, channelId, said[2].id), said[2]);
    await video.setStatus(server(), alice, callId, 'cancelled');
    await refusedEvent(device, 'sendMessage', { channelId, text: 'x' }, 'channel_closed');
    sameMessages((await page(server(), bob, channelId)).messages, said);
  });

  it('shows no chat to who gives a call its id', { timeout: TEST_MS }, async () => {
    const [alice, bob, eve] = await knownUsers(server(), 'alice', 'bob', 'eve');
    const callId = newCall();
    const { channelId } = await create(server(), alice, callId, [bob]);
    await post(server(), alice, channelId, 'private');
    const call = { call_id: callId, members: [{ user_id: bob }] };
    assert.equal((await request(server(), eve, 'POST', '/video/calls', call)).status, 409);
    await refusedOf(server(), eve, 'GET', pathOf(channelId), undefined, 403, 'not_authorized');
    const body = { channelId, text: 'x' };
    await refusedOf(server(), eve, 'POST', '/message/send', body, 403, 'not_authorized');
    assert.equal((await page(server(), bob, channelId)).messages.length, 1);
  });

  it('refuses what cannot be a channel', { timeout: TEST_MS }, async () => {
    const [alice] = await knownUsers(server(), 'alice');
    const refusedCreate = (body, code) =>
      refusedOf(server(), alice, 'POST', '/call/create', body, 400, code);
    for (const callId of [undefined, null, '']) await refusedCreate({ callId }, 'call_id_required');
    for (const callId of ['a b', 'x'.repeat(129)]) await refusedCreate({ callId }, 'invalid_field');
    const callId = newCall();
    const nobody = newUser('nobody');
    const { message } = await refusedCreate({ callId, members: [nobody] }, 'unknown_participant');
    assert.ok(message.includes(nobody), message);
    for (const members of ['x', 7, {}, [7], [null]]) {
      await refusedCreate({ callId, members }, 'invalid_field');
    }
    await refusedCreate({ callId, callType: 'x'.repeat(33) }, 'invalid_field');
    const crowd = Array.from({ length: 100 }, (_, n) => `${nobody}-${n}`);
    await refusedCreate({ callId, members: crowd }, 'too_many_participants');
    const body = { callId };
    await refusedOf(server(), alice, 'POST', '/call/end', body, 404, 'call_not_found');
    await refusedOf(server(), alice, 'POST', '/call/end', {}, 400, 'call_id_required');
  });

  it('closes a channel without a call', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    for (const who of [bob, admin]) {
      const callId = newCall();
      const { channelId } = await create(server(), alice, callId, [bob]);
      const over = { callId, channelId, status: 'ended' };
      assert.deepEqual(await end(server(), who, callId), over);
      assert.deepEqual(await end(server(), who, callId), over);
      const body = { channelId, text: 'x' };
      await refusedOf(server(), alice, 'POST', '/message/send', body, 409, 'channel_closed');
      await create(server(), alice, callId);
      await refusedOf(server(), alice, 'POST', '/message/send', body, 409, 'channel_closed');
    }
  });

  it('names the channel on direct calls', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const calls = '/api/calls';
    const body = { receiverId: bob.user, callType: 'video' };
    const { data } = await ok(server(), alice.user, 'POST', `${calls}/initiate`, body);
    const callId = data._id;
    const streamChannelId = channelOf(callId);
    assert.equal(data.streamChannelId, streamChannelId);
    const expected = { callId, channelId: streamChannelId, members: [alice.user, bob.user] };
    assert.deepEqual(await create(server(), bob, callId), expected);
    const accepted = await ok(server(), bob.user, 'POST', `${calls}/accept`, { callId });
    assert.equal(accepted.data.streamChannelId, streamChannelId);
    await say(alice, streamChannelId, 'hello');
    // Ending it here is hanging up.
    const over = { callId, channelId: streamChannelId, status: 'ended' };
    assert.deepEqual(await end(server(), bob, callId), over);
    const told = await alice.next('callEnded', (call) => call.callId === callId);
    assert.deepEqual([told.endedBy, told.reason], [bob.user, 'hangup']);
    assert.deepEqual(await end(server(), alice, callId), over);
    const [entry] = (await history(server(), alice.user)).data;
    assert.deepEqual([entry._id, entry.streamChannelId], [callId, streamChannelId]);
    assert.equal(entry.status, 'completed');
    // Never rang: no channel.
    const away = { receiverId: newUser('away'), callType: 'audio' };
    await knownUsers(server(), 'x');
    await must(server(), away.receiverId, 'GET', '/config');
    await request(server(), alice.user, 'POST', `${calls}/initiate`, away);
    const page = await ok(server(), away.receiverId, 'GET', `${calls}/missed`);
    assert.equal(page.data[0].streamChannelId, null);
  });

  it('ends a ringing call as either side may', { timeout: TEST_MS }, async () => {
    for (const [n, status] of ['cancelled', 'rejected'].entries()) {
      const { alice, bob } = await pair(server());
      const callId = await ring(alice, bob);
      const [eve] = await knownUsers(server(), 'eve');
      await refusedOf(server(), eve, 'POST', '/call/end', { callId }, 403, 'not_authorized');
      await end(server(), n === 0 ? alice : bob, callId);
      const [entry] = (await history(server(), alice.user)).data;
      assert.deepEqual([entry._id, entry.status], [callId, status]);
      const again = await talk(alice, bob);
      await end(server(), alice, again);
      await bob.next('callEnded', (call) => call.callId === again);
    }
  });

  it('names the channel on sessions, and ends them', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2);
    const data = await initiate(server(), alice, [bob]);
    const { sessionId } = data;
    const streamChannelId = channelOf(sessionId);
    assert.equal(data.streamChannelId, streamChannelId);
    assert.equal((await details(server(), bob, sessionId)).streamChannelId, streamChannelId);
    assert.equal((await pageOf(server(), bob)).sessions[0].streamChannelId, streamChannelId);
    const body = { callId: sessionId };
    await refusedOf(server(), bob, 'POST', '/call/end', body, 403, 'not_authorized');
    await end(server(), alice, sessionId);
    await nextOf(bob, sessionId, 'call_session_ended');
    const { status, endedBy } = await details(server(), bob, sessionId);
    assert.deepEqual([status, endedBy], ['ended', alice.user]);
  });

  it('ends video calls for their creators', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const callId = await begin(server(), [alice, bob]);
    await refusedOf(server(), bob, 'POST', '/call/end', { callId }, 403, 'not_authorized');
    const { channelId } = await create(server(), bob, callId);
    await post(server(), bob, channelId, 'hello');
    await end(server(), alice, callId);
    assert.equal((await show(server(), bob, callId)).status, 'ended');
    const body = { channelId, text: 'late' };
    await refusedOf(server(), bob, 'POST', '/message/send', body, 409, 'channel_closed');
  });
});
