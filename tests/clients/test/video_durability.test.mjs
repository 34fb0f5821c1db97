// Video calls over crashes: what was confirmed is there. And while PostgreSQL is away.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import jwt from 'jsonwebtoken';
import { withStoreBehindProxy } from '../lib/away.mjs';
import { newUser } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { callRow, peopleRows } from '../lib/rows.mjs';
import { Server } from '../lib/server.mjs';
import { bothStores, TEST_MS } from '../lib/suite.mjs';
import { eventually } from '../lib/waiting.mjs';
import {
  accept,
  activeOf,
  ask,
  begin,
  checkVersions,
  create,
  devicesOf,
  historyOf,
  invitationsOf,
  join,
  knownUsers,
  leave,
  must,
  newCall,
  nextOf,
  noLimits,
  refused,
  setStatus,
  show,
} from '../lib/video.mjs';

const secret = 'the secret of the app';
const env = { ...noLimits, STREAM_API_SECRET: secret };

async function crashAndRestart(server) {
  await server.crash();
  await closeAll();
  await server.launch();
}

for (const store of bothStores) {
  const skip = store === 'postgres' ? skipPostgres : false;

  describe(`video calls over a crash (${store})`, { skip }, () => {
    let server;
    beforeEach(async () => {
      server = await Server.start({ store, env });
    });
    afterEach(async () => {
      await closeAll();
      await server?.stop();
    });

    it('what was confirmed is there, step by step', { timeout: 2 * TEST_MS }, async () => {
      const [alice, bob, carol] = await knownUsers(server, 'alice', 'bob', 'carol');
      const callId = newCall();
      const more = { call_name: 'kept', settings: { own: { x: [1, null, 'é'] } } };
      const made = await create(server, alice, callId, [bob, carol], more);
      await crashAndRestart(server);
      let call = await show(server, alice, callId);
      assert.deepEqual([call.id, call.call_name, call.status], [made.id, 'kept', 'created']);
      assert.deepEqual(call.settings, made.settings);
      assert.deepEqual(await create(server, alice, callId, []), made);
      const [invitation] = await invitationsOf(server, bob);
      assert.equal(invitation.call_id, callId);

      const { updated_at } = await setStatus(server, alice, callId, 'active');
      await accept(server, carol, callId);
      await crashAndRestart(server);
      call = await show(server, alice, callId);
      assert.deepEqual([call.status, call.started_at], ['active', updated_at]);
      assert.equal((await invitationsOf(server, carol, '?status=accepted'))[0].call_id, callId);

      const { joined_at } = await join(server, alice, callId);
      await join(server, bob, callId);
      await crashAndRestart(server);
      const [active] = await activeOf(server, bob);
      assert.equal(active.active_participants_count, 2);
      assert.equal((await join(server, alice, callId)).joined_at, joined_at);

      const left = await leave(server, bob, callId);
      await crashAndRestart(server);
      assert.deepEqual(await leave(server, bob, callId), left);
      const last = await leave(server, alice, callId);
      assert.equal(last.call_auto_ended, true);
      const token = await must(server, alice, 'POST', '/token');
      await crashAndRestart(server);
      call = await show(server, carol, callId);
      assert.equal(call.status, 'ended');
      assert.equal((await historyOf(server, alice))[0].left_at, last.left_at);
      assert.deepEqual(await leave(server, alice, callId), last);
      assert.equal((await must(server, alice, 'POST', '/token')).token, token.token);
      const people = await peopleRows(server, callId);
      assert.deepEqual(
        people.map((each) => each.user_id),
        [alice, bob],
      );
    });

    it('versions go on where devices heard them', { timeout: TEST_MS }, async () => {
      const [alice, bob] = await devicesOf(server, ['alice', 'bob']);
      const callId = newCall();
      await create(server, alice, callId, [bob]);
      await setStatus(server, alice, callId, 'active');
      for (const device of [alice, bob]) await device.must('call.join', { call_id: callId });
      await nextOf(alice, callId, 'call.session_participant_joined', (e) => e.user_id === bob.user);
      const before = (await show(server, alice, callId)).version;
      for (const device of [alice, bob]) checkVersions(device);
      await crashAndRestart(server);
      assert.equal((await show(server, alice, callId)).version, before);
      const back = [];
      for (const { user } of [alice, bob]) back.push(await Device.open(server, user));
      for (const device of back) {
        const [state] = device.callState.calls;
        assert.deepEqual([state.callId, state.state, state.joined], [callId, 'active', true]);
      }
      await back[1].must('call.leave', { call_id: callId });
      for (const device of back) {
        const left = await nextOf(device, callId, 'call.session_participant_left');
        assert.deepEqual([left.user_id, left.reason], [bob.user, 'left']);
        assert.ok(left.version > before, `${left.version} after ${before}`);
      }
      await leave(server, alice, callId);
      const ended = await nextOf(back[0], callId, 'call.ended');
      assert.ok(ended.version > before);
    });

    it('a crash amid many joins keeps those confirmed', { timeout: TEST_MS }, async () => {
      const names = Array.from({ length: 30 }, (_, n) => `p${n}`);
      const users = await knownUsers(server, ...names);
      const callId = newCall();
      await create(server, users[0], callId);
      await setStatus(server, users[0], callId, 'active');
      const confirmed = new Map();
      let five;
      const enough = new Promise((done) => (five = done));
      const attempts = users.map(async (user) => {
        try {
          const answer = await ask(server, user, 'POST', `/calls/${callId}/join`);
          if (answer.status === 200) confirmed.set(user, answer.body.joined_at);
        } catch {
          // The server was gone before it answered.
        }
        if (confirmed.size >= 5) five();
      });
      await enough;
      await crashAndRestart(server);
      await Promise.all(attempts);
      const people = new Map(
        (await peopleRows(server, callId)).map((row) => [row.user_id, row.joined_at]),
      );
      for (const user of confirmed.keys()) assert.ok(people.has(user), `${user} is lost`);
      for (const [user, joinedAt] of confirmed) {
        assert.equal((await join(server, user, callId)).joined_at, joinedAt);
      }
    });
  });
}

withStoreBehindProxy('video calls while PostgreSQL is away', env, (site) => {
  const readable = (user) =>
    eventually(
      'the history can be read',
      async () => (await ask(site.server, user, 'GET', '/calls/history')).status === 200,
      30000,
      200,
    );

  /** The store itself, past the proxy. */
  const direct = () => ({ database: site.database });

  it('a live call goes on, reads are 503', { timeout: 2 * TEST_MS }, async () => {
    const [alice, bob] = await devicesOf(site.server, ['alice', 'bob']);
    const callId = await begin(site.server, [alice, bob]);
    const token = await must(site.server, alice, 'POST', '/token');
    site.proxy.cut();
    const failed = {
      '/calls/history': 'Failed to get call history',
      '/calls/active': 'Failed to get active calls',
      '/invitations': 'Storage is not available',
      '/calls/stats': 'Storage is not available',
    };
    for (const [path, error] of Object.entries(failed)) {
      await refused(site.server, alice, 'GET', path, undefined, 503, error);
    }
    // What needs no read works, and is confirmed: it waits on the disk.
    const left = await leave(site.server, bob, callId);
    await bob.must('call.join', { call_id: callId });
    for (const device of [alice, bob]) {
      await nextOf(device, callId, 'call.session_participant_left');
    }
    const body = { call_id: newCall() };
    await refused(site.server, alice, 'POST', '/calls', body, 503, 'Storage is not available');
    // A token can be made all the same.
    const other = await must(site.server, alice, 'POST', '/token');
    assert.equal(jwt.verify(other.token, secret).user_id, alice.user);
    assert.ok(other.expires_at >= token.expires_at);
    const ended = await setStatus(site.server, alice, callId, 'ended');
    for (const device of [alice, bob]) await nextOf(device, callId, 'call.ended');
    assert.equal((await callRow(direct(), callId)).status, 'active', 'the proxy was not cut');
    site.proxy.mend();
    await readable(alice);
    const [entry] = await historyOf(site.server, bob);
    assert.deepEqual(
      [entry.call_id, entry.status, entry.ended_at, entry.left_at],
      [callId, 'ended', ended.updated_at, ended.updated_at],
    );
    assert.ok(entry.user_duration_seconds >= left.duration_seconds);
    assert.equal((await peopleRows(direct(), callId)).length, 2);
  });

  it('who comes meanwhile is stored, in order', { timeout: 2 * TEST_MS }, async () => {
    const [alice] = await knownUsers(site.server, 'alice');
    const callId = newCall();
    await create(site.server, alice, callId); // anybody may join
    await setStatus(site.server, alice, callId, 'active');
    await join(site.server, alice, callId);
    site.proxy.cut();
    // The store has never heard of these.
    const guests = Array.from({ length: 5 }, (_, n) => newUser(`guest${n}`));
    const joined = new Map();
    for (const guest of guests) joined.set(guest, (await join(site.server, guest, callId)).joined_at);
    await leave(site.server, guests[1], callId);
    const again = await leave(site.server, alice, callId);
    await join(site.server, guests[1], callId);
    await site.server.crash();
    site.proxy.mend();
    await site.server.launch();
    await readable(alice);
    const call = await show(site.server, alice, callId);
    assert.deepEqual(
      call.video_call_participants,
      [alice, ...guests].map((user_id) => ({
        user_id,
        left_at: user_id === alice ? again.left_at : null,
      })),
    );
    for (const guest of guests) {
      assert.equal((await join(site.server, guest, callId)).joined_at, joined.get(guest));
    }
  });

  it('a crash meanwhile loses nothing that was confirmed', { timeout: 2 * TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(site.server, 'alice', 'bob');
    const callId = await begin(site.server, [alice, bob]);
    site.proxy.cut();
    const left = await leave(site.server, bob, callId);
    await join(site.server, bob, callId);
    const again = await leave(site.server, bob, callId);
    const last = await leave(site.server, alice, callId);
    assert.equal(last.call_auto_ended, true);
    // A user that the store has never seen: its token's row needs one of the user.
    const dave = newUser('dave');
    const { token } = await must(site.server, dave, 'POST', '/token');
    await site.server.crash();
    site.proxy.mend();
    await site.server.launch();
    await readable(alice);
    assert.ok(again.duration_seconds >= left.duration_seconds);
    assert.deepEqual(await leave(site.server, bob, callId), again);
    assert.deepEqual(await leave(site.server, alice, callId), last);
    const call = await show(site.server, alice, callId);
    assert.deepEqual([call.status, call.active_participants_count], ['ended', 0]);
    assert.equal((await must(site.server, dave, 'POST', '/token')).token, token);
    const open = (await peopleRows(direct(), callId)).filter((row) => row.left_at === null);
    assert.deepEqual(open, []);
  });
});
