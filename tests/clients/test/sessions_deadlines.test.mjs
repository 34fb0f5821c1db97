// What runs out in a session: the grace of a device that is gone, and invitations.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { behindProxy, returning } from '../lib/blinks.mjs';
import { newUser } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import {
  assemble,
  checkLists,
  checkState,
  crowd,
  details,
  enter,
  fenceAll,
  fenceByInvitation,
  idOf,
  initiate,
  joinAll,
  listAt,
  nextOf,
  personIn,
  refusedEvent,
} from '../lib/sessions.mjs';
import { noLimits, suite, TEST_MS } from '../lib/suite.mjs';

suite(
  'a grace that is over',
  { env: { ...noLimits, RECONNECT_GRACE_SECONDS: '1' } },
  ({ server, client }) => {
    it('takes out who did not come back', { timeout: TEST_MS }, async () => {
      const [alice, bob, carol] = await crowd(server(), 3, { client });
      const data = await assemble(server(), [alice, bob, carol]);
      const { sessionId } = data;
      const before = idOf(bob);
      bob.drop();
      for (const device of [alice, carol]) {
        const told = await nextOf(device, sessionId, 'user_left_call');
        const { version } = told;
        assert.deepEqual(told, {
          sessionId,
          userId: bob.user,
          socketId: before,
          reason: 'connection-lost',
          version,
        });
      }
      checkLists([alice, carol], sessionId);
      const person = personIn(await details(server(), alice, sessionId), bob);
      assert.equal(person.isActive, false);
      assert.ok(person.leftAt);
      const gone = { sessionId, targetUserId: bob.user, offer: { sdp: 'x' } };
      await refusedEvent(alice, 'webrtc_offer', gone, 'target_not_in_session');
      // The right to join lasts.
      const fresh = await Device.open(server(), bob.user, { client });
      checkState(fresh, data, { state: 'active', ringDeadline: null, joined: false });
      await enter(fresh, sessionId);
      for (const device of [alice, carol]) {
        const told = await nextOf(device, sessionId, 'user_joined_call');
        assert.ok(!('previousSocketId' in told));
      }
      await fenceAll([alice, fresh, carol], sessionId);
      checkLists([alice, fresh, carol], sessionId);
    });

    it('ends a session that nobody came back to', { timeout: TEST_MS }, async () => {
      const [alice, bob, carol] = await crowd(server(), 3, { client });
      const { sessionId } = await initiate(server(), alice, [bob, carol]);
      await joinAll([alice, bob], sessionId);
      alice.drop();
      await nextOf(bob, sessionId, 'user_left_call');
      bob.drop();
      const ended = await nextOf(carol, sessionId, 'call_session_ended');
      assert.equal(ended.reason, 'connection-lost');
      assert.equal(ended.endedBy, bob.user);
      const session = await details(server(), carol, sessionId);
      assert.deepEqual([session.status, session.endReason], ['ended', 'connection-lost']);
      assert.ok(session.participants.every((person) => !person.isActive));
    });

    it('is told to the device when it resumes after all', { timeout: TEST_MS }, async (t) => {
      if (client === '4.0.0') return t.skip('knows of no resuming');
      const { proxy, behind } = await behindProxy(server());
      const [alice] = await crowd(server(), 1, { client });
      const options = { client, ...returning };
      const bob = await Device.open(behind, newUser('bob'), options);
      const { sessionId } = await assemble(server(), [alice, bob]);
      await fenceAll([alice, bob], sessionId);
      const before = idOf(bob);
      proxy.cut();
      await nextOf(alice, sessionId, 'user_left_call');
      proxy.mend();
      await bob.next('(connect)');
      assert.equal(bob.socket.recovered, true);
      const told = await nextOf(bob, sessionId, 'user_left_call');
      assert.deepEqual([told.socketId, told.reason], [before, 'connection-lost']);
      assert.equal(listAt(bob, sessionId), undefined);
      await enter(bob, sessionId);
      await nextOf(alice, sessionId, 'user_joined_call');
      await fenceAll([alice, bob], sessionId);
      checkLists([alice, bob], sessionId);
      proxy.close();
      return undefined;
    });
  },
);

suite(
  'an invitation that runs out',
  { env: { ...noLimits, RING_TIMEOUT_SECONDS: '1' } },
  ({ server, client }) => {
    it('ends a session that nobody joined', { timeout: TEST_MS }, async () => {
      const [alice, bob] = await crowd(server(), 2, { client });
      const { sessionId } = await initiate(server(), alice, [bob]);
      await nextOf(bob, sessionId, 'call_invitation');
      for (const device of [alice, bob]) {
        assert.deepEqual(await nextOf(device, sessionId, 'call_session_ended'), {
          sessionId,
          endedBy: null,
          reason: 'no-answer',
          duration: 0,
        });
      }
      const session = await details(server(), bob, sessionId);
      assert.deepEqual(
        [session.status, session.endReason, session.endedBy, session.startTime, session.duration],
        ['ended', 'no-answer', null, null, 0],
      );
      assert.equal(personIn(session, bob).invitation.status, 'expired');
    });

    it('leaves the right to join', { timeout: TEST_MS }, async () => {
      const [alice, bob] = await crowd(server(), 2, { client });
      const data = await initiate(server(), alice, [bob]);
      const { sessionId } = data;
      await nextOf(bob, sessionId, 'call_invitation');
      await enter(alice, sessionId);
      let late;
      do {
        // Devices that come while it is pending are asked; the first that comes later is not.
        late?.close();
        late = await Device.open(server(), bob.user, { client });
      } while (late.callState.calls[0].ringDeadline !== null);
      checkState(late, data, { state: 'waiting', ringDeadline: null, joined: false });
      const expired = personIn(await details(server(), alice, sessionId), bob);
      assert.equal(expired.invitation.status, 'expired');
      await fenceByInvitation(server(), bob.user, late);
      assert.deepEqual(late.takeNames(), []);
      await enter(late, sessionId);
      const session = await details(server(), alice, sessionId);
      assert.equal(session.status, 'active');
      assert.equal(personIn(session, bob).invitation.status, 'accepted');
      await fenceAll([alice, late], sessionId);
    });
  },
);
