// What a client got a confirmation for is in the store after a crash, and live calls are picked up.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fenceByRelay, newUser, pair, proveAlive, ring, talk } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { history, ok, recordOf, request } from '../lib/rest.mjs';
import { Server } from '../lib/server.mjs';
import { bothStores, crashAndRestart, noLimits, TEST_MS, withServer } from '../lib/suite.mjs';
import { eventually } from '../lib/waiting.mjs';

const repeats = 5;

/**
 * Returns when everything that happened before is in the store. An accept, or a call that found
 * nobody, is told without waiting for the commit; a confirmed call begun later is committed later.
 */
async function committed(server) {
  const { alice, bob } = await pair(server);
  const callId = await ring(alice, bob);
  await alice.must('endCall', { callId });
  await alice.next('callEndedConfirm');
  alice.close();
  bob.close();
}

for (const store of bothStores) {
  const skip = store === 'postgres' ? skipPostgres : false;
  describe(`after kill -9 (${store})`, { skip }, () => {
    let server;
    before(async () => {
      server = await Server.start({ store, env: noLimits });
    });
    after(async () => {
      await closeAll();
      await server?.stop();
    });

    it('a confirmed initiate is there', { timeout: 4 * TEST_MS }, async () => {
      for (let i = 0; i < repeats; ++i) {
        const { alice, bob } = await pair(server);
        alice.emit('initiateCall', { receiverId: bob.user, callType: 'video' });
        const { callId } = await alice.next('callInitiated');
        await crashAndRestart(server);
        const record = await recordOf(server, alice.user, callId);
        assert.equal(record?.status, 'no-answer');
        assert.equal(record.callType, 'video');
        assert.ok(await recordOf(server, bob.user, callId));
      }
    });

    it('a confirmed end is there', { timeout: 4 * TEST_MS }, async () => {
      for (let i = 0; i < repeats; ++i) {
        const { alice, bob } = await pair(server);
        const callId = await talk(alice, bob);
        bob.emit('endCall', { callId });
        const told = await bob.next('callEndedConfirm');
        await crashAndRestart(server);
        const record = await recordOf(server, alice.user, callId);
        assert.equal(record?.status, 'completed');
        assert.equal(record.duration, told.duration);
        assert.ok(record.endedAt);
      }
    });

    it(
      'a cancel and a reject that were confirmed are there',
      { timeout: 4 * TEST_MS },
      async () => {
        for (let i = 0; i < repeats; ++i) {
          const { alice, bob } = await pair(server);
          const cancelled = await ring(alice, bob);
          alice.emit('endCall', { callId: cancelled });
          await alice.next('callEndedConfirm');
          await crashAndRestart(server);
          assert.equal((await recordOf(server, bob.user, cancelled))?.status, 'cancelled');
        }
      },
    );

    it(
      'a REST initiate, accept and end that were answered are there',
      { timeout: 4 * TEST_MS },
      async () => {
        const steps = [
          ['initiate', 'no-answer'],
          ['accept', 'active'],
          ['end', 'completed'],
          ['reject', 'rejected'],
        ];
        for (const [last, status] of steps) {
          const { alice, bob } = await pair(server);
          const body = { receiverId: bob.user, callType: 'audio' };
          const { data } = await ok(server, alice.user, 'POST', '/api/calls/initiate', body);
          const post = (who, action) =>
            ok(server, who.user, 'POST', `/api/calls/${action}`, { callId: data._id });
          if (last === 'accept' || last === 'end') await post(bob, 'accept');
          if (last === 'end') await post(alice, 'end');
          if (last === 'reject') await post(bob, 'reject');
          await crashAndRestart(server);
          assert.equal((await recordOf(server, bob.user, data._id))?.status, status, last);
        }
      },
    );

    it(
      'a missed call, and a deletion that was answered, are there',
      { timeout: 4 * TEST_MS },
      async () => {
        for (let i = 0; i < repeats; ++i) {
          const [alice, bob] = [newUser('alice'), newUser('bob')];
          await history(server, bob);
          const device = await Device.open(server, alice);
          device.emit('initiateCall', { receiverId: bob, callType: 'audio' });
          const { callId } = await device.next('userNotAvailable');
          await committed(server);
          await crashAndRestart(server);
          assert.equal((await recordOf(server, bob, callId))?.isMissed, true);
          await ok(server, bob, 'DELETE', `/api/calls/history/${callId}`);
          await crashAndRestart(server);
          assert.equal(await recordOf(server, bob, callId), undefined);
          assert.ok(await recordOf(server, alice, callId));
        }
      },
    );

    it('many calls at once: every confirmed one is there', { timeout: 4 * TEST_MS }, async () => {
      const pairs = await Promise.all(Array.from({ length: 20 }, () => pair(server)));
      const confirmed = [];
      for (const { alice, bob } of pairs) {
        alice.socket.on('callInitiated', ({ callId }) => confirmed.push([alice.user, callId]));
        bob.socket.on('incomingCall', ({ callId }) => bob.socket.emit('acceptCall', { callId }));
        alice.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
      }
      // Whichever is first: some of the others are on their way to the store.
      await Promise.race(pairs.map(({ alice }) => alice.next('callInitiated')));
      await crashAndRestart(server);
      assert.ok(confirmed.length > 0);
      for (const [user, callId] of confirmed) {
        assert.ok(await recordOf(server, user, callId), `${callId} of ${user}`);
      }
      await proveAlive(server);
    });
  });

  describe(`a restart (${store})`, { skip }, () => {
    const statusBecomes = (server, user, callId, status) =>
      eventually(`the call is ${status}`, async () => {
        const record = await recordOf(server, user, callId);
        return record?.status === status && record;
      });

    it(
      'leaves a ringing call ringing until its deadline',
      { timeout: 2 * TEST_MS },
      withServer(store, { RING_TIMEOUT_SECONDS: '60' }, async (server) => {
        const { alice, bob } = await pair(server);
        const callId = await ring(alice, bob);
        await crashAndRestart(server);
        const back = await Device.open(server, alice.user);
        const state = back.callState.calls[0];
        assert.deepEqual([state?.callId, state?.state, state?.role], [callId, 'ringing', 'caller']);
        const other = await Device.open(server, bob.user);
        assert.equal((await other.next('incomingCall')).callId, callId);
        other.emit('acceptCall', { callId });
        await other.next('callAcceptedConfirm');
        await back.next('callAccepted');
        await fenceByRelay(back, other, callId);
        await fenceByRelay(other, back, callId);
      }),
    );

    it(
      'makes a ringing call missed that is past its deadline',
      { timeout: 2 * TEST_MS },
      withServer(store, { RING_TIMEOUT_SECONDS: '1' }, async (server) => {
        const { alice, bob } = await pair(server);
        const callId = await ring(alice, bob);
        await crashAndRestart(server);
        await statusBecomes(server, alice.user, callId, 'missed');
        assert.equal((await recordOf(server, bob.user, callId)).isMissed, true);
        const device = await Device.open(server, bob.user);
        assert.deepEqual(device.callState, { calls: [] });
      }),
    );

    it(
      'keeps an active call for the grace, and both can rejoin',
      { timeout: 2 * TEST_MS },
      withServer(store, {}, async (server) => {
        const { alice, bob } = await pair(server);
        const callId = await talk(alice, bob);
        await committed(server);
        await crashAndRestart(server);
        const [a, b] = [await Device.open(server, alice.user), await Device.open(server, bob.user)];
        for (const device of [a, b]) {
          const state = device.callState.calls[0];
          assert.deepEqual([state?.callId, state?.state], [callId, 'active']);
        }
        await fenceByRelay(a, b, callId);
        await fenceByRelay(b, a, callId);
        a.emit('endCall', { callId });
        await b.next('callEnded');
        assert.equal((await recordOf(server, bob.user, callId)).status, 'completed');
      }),
    );

    it(
      'ends an active call that nobody comes back to',
      { timeout: 2 * TEST_MS },
      withServer(store, { RECONNECT_GRACE_SECONDS: '1' }, async (server) => {
        const { alice, bob } = await pair(server);
        const callId = await talk(alice, bob);
        await committed(server);
        await crashAndRestart(server);
        const record = await statusBecomes(server, alice.user, callId, 'completed');
        assert.ok(record.endedAt);
        const device = await Device.open(server, bob.user);
        assert.deepEqual(device.callState, { calls: [] });
        await ring(device, await Device.open(server, newUser('carol')));
      }),
    );

    it(
      'ends an active call that only one comes back to',
      { timeout: 2 * TEST_MS },
      withServer(store, { RECONNECT_GRACE_SECONDS: '3' }, async (server) => {
        const { alice, bob } = await pair(server);
        const callId = await talk(alice, bob);
        await committed(server);
        await crashAndRestart(server);
        const back = await Device.open(server, alice.user);
        const ended = await back.next('callEnded', (data) => data.callId === callId);
        assert.equal(ended.reason, 'connection-lost');
        assert.equal(ended.endedBy, bob.user);
      }),
    );

    it(
      'after SIGTERM: clients come back by themselves, to their call',
      { timeout: 2 * TEST_MS },
      withServer(store, {}, async (server) => {
        const options = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 200 };
        const { alice, bob } = await pair(server, options);
        const callId = await talk(alice, bob);
        const idle = await Device.open(server, newUser('carol'), options);
        await server.terminate();
        for (const device of [alice, bob, idle]) {
          assert.notEqual(await device.next('(disconnect)'), 'io server disconnect');
        }
        await server.launch();
        for (const device of [alice, bob, idle]) {
          await device.next('(connect)');
          device.callState = await device.next('callState');
        }
        assert.deepEqual(idle.callState, { calls: [] });
        for (const device of [alice, bob]) assert.equal(device.callState.calls[0]?.callId, callId);
        await fenceByRelay(alice, bob, callId);
        await fenceByRelay(bob, alice, callId);
      }),
    );

    it(
      'SIGTERM flushes what was not confirmed yet',
      { timeout: 2 * TEST_MS },
      withServer(store, {}, async (server) => {
        const { alice, bob } = await pair(server);
        const callId = await talk(alice, bob);
        bob.emit('endCall', { callId });
        await alice.next('callEnded');
        await server.terminate();
        await server.launch();
        assert.equal((await recordOf(server, alice.user, callId)).status, 'completed');
        const answer = await request(server, bob.user, 'GET', '/api/calls/history?limit=1');
        assert.equal(answer.body.data[0]._id, callId);
      }),
    );
  });
}
