// What becomes of video calls when the server stops and starts: deadlines, leases, graces, those at
// rest. Deadlines that are hours away are brought nearer in the store while the server is down.
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { callRow, msOf, peopleRows, quoted, rows, timeIn } from '../lib/rows.mjs';
import { Server } from '../lib/server.mjs';
import { bothStores, TEST_MS } from '../lib/suite.mjs';
import { eventually } from '../lib/waiting.mjs';
import {
  accept,
  activeOf,
  begin,
  checkVersions,
  create,
  devicesOf,
  historyOf,
  invitationsOf,
  join,
  knownUsers,
  leave,
  newCall,
  nextOf,
  noLimits,
  refusedOf,
  setStatus,
  show,
} from '../lib/video.mjs';

const FOUR_HOURS = 4 * 3600 * 1000;
const TEN_MINUTES = 10 * 60 * 1000;

for (const store of bothStores) {
  const skip = store === 'postgres' ? skipPostgres : false;

  describe(`video calls over a restart (${store})`, { skip }, () => {
    let server;
    afterEach(closeAll);

    const withServer = (more, body) => async () => {
      server = await Server.start({ store, env: { ...noLimits, ...more } });
      try {
        await body();
      } finally {
        await closeAll();
        await server.stop();
      }
    };

    /** Stops the server, changes rows with `change()`, and starts it again. */
    async function restart(change = () => undefined) {
      await server.terminate();
      await closeAll();
      await change();
      await server.launch();
    }

    /** Sets a time of one row, which has to be there. */
    async function setTime(table, column, ms, where) {
      const set = `SET ${column} = ${timeIn(server, ms)}`;
      const changed = await rows(server, `UPDATE ${table} ${set} WHERE ${where} RETURNING id`);
      assert.equal(changed.length, 1, `${table} where ${where}`);
    }

    const personOf = async (callId, user) =>
      (await peopleRows(server, callId)).find((row) => row.user_id === user);

    it(
      'who is in by REST alone stays for four hours',
      { timeout: TEST_MS },
      withServer({ RECONNECT_GRACE_SECONDS: '1' }, async () => {
        const [alice, bob] = await knownUsers(server, 'alice', 'bob');
        const begun = Date.now();
        const callId = await begin(server, [alice, bob]);
        const before = await personOf(callId, bob);
        const lease = msOf(before.lease_until);
        const now = Date.now();
        assert.ok(lease >= begun + FOUR_HOURS && lease <= now + FOUR_HOURS, `${lease}, ${now}`);
        await restart();
        // The graces of sockets that never were are over; nobody has left.
        const fence = newCall();
        const [carol] = await devicesOf(server, ['carol']);
        await create(server, carol, fence);
        await carol.must('call.join', { call_id: fence });
        carol.drop();
        await eventually('the grace of another is over', async () => {
          return (await show(server, carol, fence)).status === 'ended';
        });
        const [active] = await activeOf(server, bob);
        assert.deepEqual([active.call_id, active.active_participants_count], [callId, 2]);
        // Any sign of life begins the four hours again.
        await join(server, bob, callId);
        const after = msOf((await personOf(callId, bob)).lease_until);
        assert.ok(after >= now + FOUR_HOURS, `${after}, ${now}`);
        await leave(server, bob, callId);
        assert.equal((await personOf(callId, bob)).lease_until, null);
      }),
    );

    it(
      'who gave no sign of life for four hours leaves',
      { timeout: TEST_MS },
      withServer({}, async () => {
        const [alice, bob] = await knownUsers(server, 'alice', 'bob');
        const callId = await begin(server, [alice, bob]);
        const { id } = await personOf(callId, bob);
        assert.ok(id);
        // The first device of Bob's ends his lease, and keeps him in.
        const first = await Device.open(server, bob);
        assert.equal(first.callState.calls[0].joined, true);
        await eventually('the lease is over', async () => {
          return (await personOf(callId, bob)).lease_until === null;
        });
        const alices = await personOf(callId, alice);
        await restart(() =>
          setTime(
            'video_call_participants',
            'lease_until',
            Date.now(),
            `id = ${quoted(alices.id)}`,
          ),
        );
        const back = await Device.open(server, bob);
        await eventually('Alice has left', async () => (await personOf(callId, alice)).left_at);
        const [entry] = await historyOf(server, alice);
        assert.equal(entry.call_id, callId);
        assert.ok(Number.isInteger(entry.user_duration_seconds));
        await back.must('call.leave', { call_id: callId });
        assert.equal((await show(server, bob, callId)).status, 'ended');
      }),
    );

    it(
      'an active call that nobody joins in ten minutes ends',
      { timeout: TEST_MS },
      withServer({}, async () => {
        const [alice, bob] = await knownUsers(server, 'alice', 'bob');
        const callId = newCall();
        await create(server, alice, callId, [bob]);
        const { updated_at } = await setStatus(server, alice, callId, 'active');
        const row = await callRow(server, callId);
        assert.equal(msOf(row.join_deadline), Date.parse(updated_at) + TEN_MINUTES);
        const other = newCall();
        await create(server, alice, other);
        await setStatus(server, alice, other, 'active');
        await join(server, bob, other);
        assert.equal((await callRow(server, other)).join_deadline, null);
        const due = Date.now() - 1000;
        await restart(() => setTime('video_calls', 'join_deadline', due, `id = ${quoted(row.id)}`));
        const watch = await Device.open(server, bob);
        await eventually('it ended', async () => {
          return (await callRow(server, callId)).status === 'ended';
        });
        await refusedOf(server, bob, 'join', callId, undefined, 409, 'Call has ended');
        assert.ok(watch.callState.calls.every((call) => call.callId !== callId || call.joined));
        assert.equal((await show(server, bob, other)).status, 'active');
        const { ended_at, duration_seconds } = await show(server, alice, callId);
        assert.ok(ended_at);
        assert.ok(Number.isInteger(duration_seconds));
      }),
    );

    it(
      'invitations expire after two hours',
      { timeout: TEST_MS },
      withServer({}, async () => {
        const [alice, bob, carol] = await knownUsers(server, 'alice', 'bob', 'carol');
        const callId = newCall();
        const made = await create(server, alice, callId, [bob, carol]);
        await accept(server, carol, callId);
        await restart(async () => {
          const due = Date.now() + 4000;
          const call = `call_id = ${quoted(made.id)} AND invited_user_id = ${quoted(bob)}`;
          await setTime('video_call_invitations', 'expires_at', due, call);
          for (const column of ['invited_until', 'invitations_deadline']) {
            await setTime('video_calls', column, due, `id = ${quoted(made.id)}`);
          }
        });
        const invitationIn = ({ members }, user) =>
          members.find((each) => each.user_id === user).invitation;
        const watch = await Device.open(server, bob);
        // On a busy machine it may be over before the device is there, which then hears nothing.
        if (watch.callState.calls.length > 0) {
          const told = await nextOf(watch, callId, 'call.updated');
          assert.deepEqual(
            [invitationIn(told, bob), invitationIn(told, carol)],
            ['expired', 'accepted'],
          );
        }
        const call = await show(server, bob, callId);
        assert.deepEqual(
          [invitationIn(call, bob), invitationIn(call, carol)],
          ['expired', 'accepted'],
        );
        await refusedOf(server, bob, 'accept', callId, undefined, 409, 'Invitation has expired');
        await refusedOf(server, bob, 'decline', callId, undefined, 409, 'Invitation has expired');
        assert.deepEqual(await invitationsOf(server, bob), []);
        assert.equal((await invitationsOf(server, bob, '?status=expired'))[0].call_id, callId);
        // A member may come all the same, which accepts.
        await join(server, bob, callId);
        assert.equal((await invitationsOf(server, bob, '?status=accepted')).length, 1);
      }),
    );

    it(
      'who was in on a device has the grace to come back',
      { timeout: TEST_MS },
      withServer({ RECONNECT_GRACE_SECONDS: '2' }, async () => {
        const devices = await devicesOf(server, ['alice', 'bob']);
        const callId = newCall();
        await create(server, devices[0], callId, [devices[1]]);
        await setStatus(server, devices[0], callId, 'active');
        for (const device of devices) await device.must('call.join', { call_id: callId });
        const first = await peopleRows(server, callId);
        await restart();
        const alice = await Device.open(server, devices[0].user);
        assert.equal(alice.callState.calls[0].joined, true);
        const left = await nextOf(alice, callId, 'call.session_participant_left');
        assert.deepEqual([left.user_id, left.reason], [devices[1].user, 'connection-lost']);
        const second = await peopleRows(server, callId);
        assert.deepEqual(
          second.map((row) => row.joined_at),
          first.map((row) => row.joined_at),
        );
        const wall = (Date.parse(left.left_at) - msOf(first[1].joined_at)) / 1000;
        assert.ok(left.duration_seconds <= wall, `${left.duration_seconds} of ${wall}`);
        await restart();
        await eventually('nobody came back: it is over', async () => {
          return (await callRow(server, callId)).status === 'ended';
        });
        const open = (await peopleRows(server, callId)).filter((row) => row.left_at === null);
        assert.deepEqual(open, []);
      }),
    );

    it(
      'calls at rest are not loaded, and work as ever',
      { timeout: TEST_MS },
      withServer({}, async () => {
        const [alice, bob] = await knownUsers(server, 'alice', 'bob');
        const callId = newCall();
        await create(server, alice, callId);
        assert.ok(!(await callRow(server, callId)).awake);
        const over = await begin(server, [alice, bob]);
        assert.ok((await callRow(server, over)).awake);
        await setStatus(server, alice, over, 'ended');
        assert.ok(!(await callRow(server, over)).awake);
        await restart();
        // Two at once, both the first after the restart.
        const [one, two] = await Promise.all([
          join(server, alice, callId),
          join(server, bob, callId),
        ]);
        assert.deepEqual([one.user_id, two.user_id], [alice, bob]);
        const device = await Device.open(server, alice);
        assert.equal(device.callState.calls[0].callId, callId);
        await setStatus(server, alice, callId, 'active');
        await leave(server, bob, callId);
        const left = await nextOf(device, callId, 'call.session_participant_left');
        assert.equal(left.active_participants_count, 1);
        checkVersions(device);
        await restart();
        await refusedOf(server, bob, 'join', over, undefined, 409, 'Call has ended');
        const [mine] = await activeOf(server, alice);
        assert.equal(mine.call_id, callId);
      }),
    );

    it(
      'after SIGTERM devices come back by themselves',
      { timeout: TEST_MS },
      withServer({}, async () => {
        const options = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 };
        const devices = await devicesOf(server, ['alice', 'bob'], options);
        const callId = newCall();
        await create(server, devices[0], callId, [devices[1]]);
        await setStatus(server, devices[0], callId, 'active');
        for (const device of devices) {
          await device.must('call.join', { call_id: callId });
          device.forget();
        }
        await server.terminate();
        for (const device of devices) await device.next('(disconnect)');
        await server.launch();
        for (const device of devices) {
          await device.next('(connect)');
          const state = await device.next('callState');
          assert.equal(state.calls[0].joined, true);
        }
        await devices[1].must('call.leave', { call_id: callId });
        for (const device of devices) {
          const left = await nextOf(device, callId, 'call.session_participant_left');
          assert.deepEqual([left.user_id, left.reason], [devices[1].user, 'left']);
          checkVersions(device);
        }
      }),
    );
  });
}
