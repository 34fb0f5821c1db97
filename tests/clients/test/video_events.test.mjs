// What devices hear of video calls, and joining and leaving by socket: with Socket.IO and on /ws.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { clients, Device } from '../lib/device.mjs';
import { PlainDevice } from '../lib/plain_device.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { Server } from '../lib/server.mjs';
import { peopleRows } from '../lib/rows.mjs';
import { TEST_MS } from '../lib/suite.mjs';
import {
  activeOf,
  begin,
  checkVersions,
  create,
  devicesOf,
  fenceByCall,
  heardOf,
  historyOf,
  ISO,
  join,
  leave,
  newCall,
  nextOf,
  noLimits,
  refusedEvent,
  setStatus,
  show,
} from '../lib/video.mjs';

const kinds = Object.fromEntries(
  Object.keys(clients).map((client) => [`socket.io-client ${client}`, [Device, { client }]]),
);
kinds['plain WebSocket'] = [PlainDevice, {}];
const sqlite = Object.entries(kinds).map(([name, kind]) => ['sqlite', name, ...kind]);
const runs = [...sqlite, ['postgres', 'socket.io-client latest', Device, {}]];

for (const [store, name, kind, options] of runs) {
  const skip = store === 'postgres' ? skipPostgres : false;

  describe(`events of video calls (${store}, ${name})`, { skip }, () => {
    let server;
    before(async () => {
      server = await Server.start({ store, env: { ...noLimits, RECONNECT_GRACE_SECONDS: '1' } });
    });
    afterEach(closeAll);
    after(() => server?.stop());

    const open = (...names) => devicesOf(server, names, options, kind);
    const again = (user) => kind.open(server, user, options);

    it('tell the whole of a call', { timeout: TEST_MS }, async () => {
      const [alice, bob, stranger] = await open('alice', 'bob', 'stranger');
      const callId = newCall();
      const callCid = `default:${callId}`;
      const about = { call_id: callId, call_cid: callCid };
      const members = [{ user_id: bob.user, role: 'moderator' }];
      const more = { call_name: 'Plan', event_id: 'e1' };
      const made = await create(server, alice, callId, members, more);
      const created = await nextOf(alice, callId, 'call.created');
      const { expires_at, version } = created;
      assert.match(expires_at, ISO);
      assert.deepEqual(created, {
        ...about,
        call_type: 'default',
        created_by: alice.user,
        members: made.members,
        settings: made.settings,
        call: {
          id: made.id,
          call_name: 'Plan',
          status: 'created',
          max_participants: 50,
          event_id: 'e1',
          created_at: made.created_at,
        },
        expires_at,
        version,
      });
      assert.deepEqual(await nextOf(bob, callId, 'call.created'), created);

      const { updated_at } = await setStatus(server, alice, callId, 'active');
      for (const device of [alice, bob]) {
        const updated = await nextOf(device, callId, 'call.updated');
        assert.deepEqual(updated, {
          ...about,
          status: 'active',
          started_at: updated_at,
          updated_at,
          members: updated.members,
          version: updated.version,
        });
        const [, bobs] = updated.members;
        const expected = { user_id: bob.user, role: 'moderator', invitation: 'pending' };
        assert.deepEqual(bobs, expected);
      }

      // By REST, and by socket.
      const { joined_at } = await join(server, alice, callId);
      for (const device of [alice, bob]) {
        const joined = await nextOf(device, callId, 'call.session_participant_joined');
        assert.deepEqual(joined, {
          ...about,
          user_id: alice.user,
          name: alice.user,
          role: 'admin',
          joined_at,
          active_participants_count: 1,
          version: joined.version,
        });
      }
      const ack = await bob.must('call.join', { call_id: callId });
      assert.deepEqual(ack, { ok: true, call_id: callId, status: 'active', version: ack.version });
      for (const device of [alice, bob]) {
        const joined = await nextOf(device, callId, 'call.session_participant_joined');
        assert.deepEqual(
          [joined.user_id, joined.role, joined.active_participants_count],
          [bob.user, 'moderator', 2],
        );
        assert.ok(joined.version <= ack.version);
      }
      assert.equal((await activeOf(server, bob))[0].active_participants_count, 2);

      const out = await alice.must('call.leave', { call_id: callId });
      assert.deepEqual(out, { ok: true, call_id: callId, status: 'active', version: out.version });
      for (const device of [alice, bob]) {
        const left = await nextOf(device, callId, 'call.session_participant_left');
        assert.match(left.left_at, ISO);
        assert.deepEqual(left, {
          ...about,
          user_id: alice.user,
          left_at: left.left_at,
          duration_seconds: left.duration_seconds,
          reason: 'left',
          removed_by: null,
          active_participants_count: 1,
          version: left.version,
        });
      }
      const last = await leave(server, bob, callId);
      assert.equal(last.call_auto_ended, true);
      const [entry] = await historyOf(server, bob);
      for (const device of [alice, bob]) {
        const left = await nextOf(device, callId, 'call.session_participant_left');
        assert.deepEqual([left.user_id, left.active_participants_count], [bob.user, 0]);
        const ended = await nextOf(device, callId, 'call.ended');
        assert.deepEqual(ended, {
          ...about,
          status: 'ended',
          ended_by: bob.user,
          reason: ended.reason,
          duration_seconds: entry.duration_seconds,
          ended_at: entry.ended_at,
          version: ended.version,
        });
        assert.equal(typeof ended.reason, 'string');
        await fenceByCall(server, device.user, device);
        assert.deepEqual(heardOf(device, callId), [
          'call.created',
          'call.updated',
          'call.session_participant_joined',
          'call.session_participant_joined',
          'call.session_participant_left',
          'call.session_participant_left',
          'call.ended',
        ]);
        checkVersions(device);
      }
      await fenceByCall(server, stranger.user, stranger);
      assert.deepEqual(heardOf(stranger, callId), [], 'a stranger heard of it');
    });

    it('reach every device of everybody, joiners too', { timeout: TEST_MS }, async () => {
      const [alice, guest] = await open('alice', 'guest');
      const second = await again(alice.user);
      const callId = newCall();
      await create(server, alice, callId); // anybody may join
      await setStatus(server, alice, callId, 'active');
      await guest.must('call.join', { call_id: callId });
      for (const device of [alice, second, guest]) {
        const joined = await nextOf(device, callId, 'call.session_participant_joined');
        assert.deepEqual([joined.user_id, joined.role], [guest.user, 'participant']);
      }
      await alice.must('call.join', { call_id: callId });
      const guests = await again(guest.user);
      const [state] = guests.callState.calls;
      assert.deepEqual(
        [state.callId, state.kind, state.state, state.role, state.joined],
        [callId, 'video', 'active', 'participant', true],
      );
      await setStatus(server, alice, callId, 'ended');
      for (const device of [alice, second, guest, guests]) {
        const { status, ended_by } = await nextOf(device, callId, 'call.ended');
        assert.deepEqual([status, ended_by], ['ended', alice.user]);
      }
      const third = await again(guest.user);
      assert.deepEqual(third.callState, { calls: [] });
    });

    it('refuse what REST refuses', { timeout: TEST_MS }, async () => {
      const [alice, bob, carol] = await open('alice', 'bob', 'carol');
      const callId = newCall();
      await create(server, alice, callId, [bob], { max_participants: 1 });
      const unknown = { call_id: newCall() };
      for (const name of ['call.join', 'call.leave']) {
        await refusedEvent(alice, name, unknown, 'call_not_found');
        await refusedEvent(carol, name, { call_id: callId }, 'call_not_found');
        for (const data of [{}, { call_id: 5 }, 'text', [], null]) {
          const ack = await alice.ask(name, data);
          assert.equal(ack.ok, false, JSON.stringify([data, ack]));
          await alice.next('call.error', (error) => error.code === ack.code);
        }
      }
      await refusedEvent(alice, 'call.leave', { call_id: callId }, 'not_in_call');
      await bob.must('call.join', { call_id: callId });
      await refusedEvent(alice, 'call.join', { call_id: callId }, 'call_full');
      await bob.must('call.leave', { call_id: callId });
      await refusedEvent(bob, 'call.join', { call_id: callId }, 'call_over');
    });

    it('join again is one stay', { timeout: TEST_MS }, async () => {
      const [alice, bob] = await open('alice', 'bob');
      const callId = await begin(server, [alice, bob]);
      const before = await peopleRows(server, callId);
      // Bob is in by REST; his device takes the leg over, nobody hears of it.
      await bob.must('call.join', { call_id: callId });
      await bob.must('call.join', { call_id: callId });
      await join(server, bob, callId);
      const rows = await peopleRows(server, callId);
      assert.deepEqual(
        rows.map((row) => row.joined_at),
        before.map((row) => row.joined_at),
      );
      for (const device of [alice, bob]) {
        await fenceByCall(server, device.user, device);
        const names = heardOf(device, callId);
        const joins = names.filter((each) => each === 'call.session_participant_joined');
        assert.equal(joins.length, 2, names.join());
        checkVersions(device);
      }
      await bob.must('call.leave', { call_id: callId });
      await bob.must('call.leave', { call_id: callId });
      for (const device of [alice, bob]) {
        await nextOf(device, callId, 'call.session_participant_left');
        await fenceByCall(server, device.user, device);
        const names = heardOf(device, callId);
        const left = names.filter((each) => each === 'call.session_participant_left');
        assert.equal(left.length, 1, names.join());
      }
    });

    it(
      'who drops leaves after the grace, and may be back before',
      { timeout: TEST_MS },
      async () => {
        const [alice, bob] = await open('alice', 'bob');
        const callId = newCall();
        await create(server, alice, callId, [bob]);
        await setStatus(server, alice, callId, 'active');
        for (const device of [alice, bob]) await device.must('call.join', { call_id: callId });
        bob.drop();
        const back = await again(bob.user);
        const [state] = back.callState.calls;
        assert.deepEqual([state.callId, state.joined], [callId, true]);
        await fenceByCall(server, alice.user, alice);
        const silent = !heardOf(alice, callId).includes('call.session_participant_left');
        assert.ok(silent, alice.describe());
        back.drop();
        const left = await nextOf(alice, callId, 'call.session_participant_left');
        assert.deepEqual(
          [left.user_id, left.reason, left.removed_by],
          [bob.user, 'connection-lost', null],
        );
        // Back too late: out, and free to come in again.
        const late = await again(bob.user);
        assert.ok(late.callState.calls.every((call) => !call.joined));
        await late.must('call.join', { call_id: callId });
        const { left_at } = (await show(server, bob, callId)).video_call_participants[1];
        assert.equal(left_at, null);
        alice.drop();
        const gone = await nextOf(late, callId, 'call.session_participant_left');
        assert.equal(gone.user_id, alice.user);
        late.drop();
        const watch = await again(alice.user);
        const ended = await nextOf(watch, callId, 'call.ended');
        assert.equal(ended.reason, 'connection-lost');
        assert.equal((await show(server, alice, callId)).status, 'ended');
      },
    );

    it('a leg by REST lives with the devices, or without any', { timeout: TEST_MS }, async () => {
      const [alice] = await open('alice');
      const user = newUser('rest-only');
      const callId = newCall();
      await create(server, alice, callId);
      await setStatus(server, alice, callId, 'active');
      await alice.must('call.join', { call_id: callId });
      await join(server, user, callId); // has no device, and stays all the same
      await join(server, alice, callId);
      alice.drop();
      const bob = await again(user); // from now on the leg is this device's
      const left = await nextOf(bob, callId, 'call.session_participant_left');
      assert.deepEqual([left.user_id, left.active_participants_count], [alice.user, 1]);
      const [row] = (await peopleRows(server, callId)).filter((each) => each.user_id === user);
      assert.equal(row.left_at, null);
      bob.drop();
      const watch = await again(alice.user);
      const ended = await nextOf(watch, callId, 'call.ended');
      assert.deepEqual([ended.status, ended.reason], ['ended', 'connection-lost']);
    });
  });
}
