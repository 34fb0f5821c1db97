// Devices of people in a session: several of one user, reloads, networks that blink, late ones.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { behindProxy, returning } from '../lib/blinks.mjs';
import { newUser } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { PlainDevice } from '../lib/plain_device.mjs';
import {
  assemble,
  checkLists,
  checkState,
  crowd,
  details,
  enter,
  fenceAll,
  fenceByInvitation,
  fenceBySession,
  hearOfMove,
  idOf,
  initiate,
  leave,
  nextOf,
  noticedGone,
  personIn,
  refusedEvent,
  relays,
} from '../lib/sessions.mjs';
import { noLimits, suite, TEST_MS } from '../lib/suite.mjs';
import { token } from '../lib/token.mjs';
import { eventually } from '../lib/waiting.mjs';

suite('an invitation', { env: noLimits }, ({ server, client }) => {
  it('reaches every device, also those that come later', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2, { client });
    const second = await Device.open(server(), bob.user, { client });
    const data = await initiate(server(), alice, [bob]);
    const { sessionId, expiresAt } = data;
    for (const device of [bob, second]) await nextOf(device, sessionId, 'call_invitation');
    const late = await Device.open(server(), bob.user, { client });
    checkState(late, data, { state: 'waiting', ringDeadline: expiresAt, joined: false });
    const invitation = await nextOf(late, sessionId, 'call_invitation');
    assert.equal(invitation.expiresAt, expiresAt);
    assert.equal(invitation.initiator.userId, alice.user);
    await enter(alice, sessionId);
    await enter(late, sessionId);
    for (const device of [bob, second]) {
      const told = await nextOf(device, sessionId, 'call_answered_elsewhere');
      assert.deepEqual(told, { sessionId, socketId: idOf(late) });
    }
    // It is answered: a new device is not asked any more.
    const later = await Device.open(server(), bob.user, { client });
    checkState(later, data, { state: 'active', ringDeadline: null, joined: true });
    await fenceByInvitation(server(), bob.user, later, bob, second);
    for (const device of [later, bob, second]) assert.deepEqual(device.takeNames(), []);
    // Of the initiator, who was never invited.
    const own = await Device.open(server(), alice.user, { client });
    const [state] = own.callState.calls;
    assert.deepEqual([state.role, state.joined, state.ringDeadline], ['initiator', true, null]);
  });
});

suite('a reload', { env: noLimits }, ({ server, client }) => {
  it('moves the leg while the old device is there', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await crowd(server(), 3, { client });
    const data = await assemble(server(), [alice, bob, carol]);
    const { sessionId } = data;
    const joinedAt = personIn(await details(server(), bob, sessionId), bob).joinedAt;
    const fresh = await Device.open(server(), bob.user, { client });
    checkState(fresh, data, { state: 'active', ringDeadline: null, joined: true });
    const joined = await enter(fresh, sessionId);
    assert.equal(joined.participants.length, 3);
    await hearOfMove([alice, carol], sessionId, fresh, idOf(bob));
    assert.deepEqual(await nextOf(bob, sessionId, 'call_answered_elsewhere'), {
      sessionId,
      socketId: idOf(fresh),
    });
    // Only the new one sends and receives now.
    for (const [event, field] of Object.entries(relays)) {
      const value = { [field]: { sdp: 'x' } };
      const to = { sessionId, targetUserId: alice.user, ...value };
      await refusedEvent(bob, event, to, 'not_authorized');
      const old = { sessionId, targetSocketId: idOf(bob), ...value };
      await refusedEvent(alice, event, old, 'target_not_in_session');
      await alice.must(event, { sessionId, targetUserId: bob.user, ...value });
      await nextOf(fresh, sessionId, event);
    }
    await refusedEvent(bob, 'leave_call_session', { sessionId }, 'not_authorized');
    await fenceAll([alice, fresh, carol], sessionId);
    checkLists([alice, fresh, carol], sessionId);
    await fenceByInvitation(server(), bob.user, bob);
    for (const device of [alice, bob, carol]) assert.deepEqual(device.takeNames(), []);
    const person = personIn(await details(server(), alice, sessionId), bob);
    assert.deepEqual([person.joinedAt, person.leftAt], [joinedAt, null]);
    assert.equal(person.socketId, idOf(fresh));
    // The old one goes: that is nobody's leg.
    bob.close();
    await leave(fresh, sessionId);
    for (const device of [alice, carol]) {
      const told = await nextOf(device, sessionId, 'user_left_call');
      assert.deepEqual([told.socketId, told.reason], [idOf(fresh), 'left']);
    }
  });

  it('of a device that said goodbye moves it by itself', { timeout: TEST_MS }, async () => {
    for (const how of ['close', 'drop']) {
      const [alice, bob, carol] = await crowd(server(), 3, { client });
      const { sessionId } = await assemble(server(), [alice, bob, carol]);
      const before = idOf(bob);
      bob[how]();
      await noticedGone(server(), bob);
      // Who said goodbye will not hear of it any more, though the leg waits.
      for (const target of [{ targetSocketId: before }, { targetUserId: bob.user }]) {
        const data = { sessionId, ...target, offer: { sdp: 'x' } };
        if (how === 'drop') await alice.must('webrtc_offer', data);
        else await eventually('a refusal', async () => !(await alice.ask('webrtc_offer', data)).ok);
        if (how === 'close') {
          await alice.next('call_error', ({ code }) => code === 'target_not_in_session');
        }
      }
      const fresh = await Device.open(server(), bob.user, { client });
      const joined = await nextOf(fresh, sessionId, 'call_session_joined');
      assert.equal(joined.participants.length, 3);
      await hearOfMove([alice, carol], sessionId, fresh, before);
      await fenceAll([alice, fresh, carol], sessionId);
      checkLists([alice, fresh, carol], sessionId);
      for (const device of [alice, fresh, carol]) assert.deepEqual(device.takeNames(), []);
      assert.ok(alice.events.every(({ name }) => name !== 'user_left_call'));
    }
  });
});

suite('a blink in a session', { env: noLimits }, ({ server, client }) => {
  it('is nobody’s business, and loses nothing', { timeout: TEST_MS }, async () => {
    const { proxy, behind } = await behindProxy(server());
    const [alice, carol] = await crowd(server(), 2, { client });
    const options = { client, ...returning };
    const bob = await Device.open(behind, newUser('bob'), options);
    const { sessionId } = await assemble(server(), [alice, bob, carol]);
    await fenceAll([alice, bob, carol], sessionId); // a client resumes after its first event
    const before = idOf(bob);
    proxy.cut();
    await bob.next('(disconnect)');
    await noticedGone(server(), bob);
    const count = 30;
    const target = { sessionId, targetSocketId: before };
    for (let n = 0; n < count; ++n) {
      await alice.must('webrtc_ice_candidate', { ...target, candidate: { n } });
    }
    await carol.must('media_state_changed', { sessionId, hasVideo: false });
    await leave(carol, sessionId);
    proxy.mend();
    await bob.next('(connect)');
    if (client !== '4.0.0') {
      assert.equal(bob.socket.recovered, true);
      assert.equal(idOf(bob), before);
      for (let n = 0; n < count; ++n) {
        assert.equal((await nextOf(bob, sessionId, 'webrtc_ice_candidate')).candidate.n, n);
      }
      await nextOf(bob, sessionId, 'media_state_changed');
      await nextOf(bob, sessionId, 'user_left_call');
      await bob.next('callState');
    } else {
      // That client knows of no resuming: it is a new device, to which the leg moves.
      const joined = await nextOf(bob, sessionId, 'call_session_joined');
      assert.equal(joined.participants.length, 2);
      await hearOfMove([alice], sessionId, bob, before);
      await bob.next('callState');
    }
    await fenceAll([alice, bob], sessionId);
    checkLists([alice, bob], sessionId);
    const names = alice.takeNames().filter((name) => !name.startsWith('('));
    assert.deepEqual(names, ['media_state_changed', 'user_left_call']); // Carol's
    assert.deepEqual(
      bob.takeNames().filter((name) => !name.startsWith('(')),
      [],
    );
    proxy.close();
  });
});

suite('transports in a session', { env: noLimits }, ({ server, client }) => {
  it('may be of every kind', { timeout: TEST_MS }, async () => {
    const devices = await Promise.all([
      Device.open(server(), newUser('polls'), { client, transports: ['polling'] }),
      Device.open(server(), newUser('upgrades'), { client, transports: undefined }),
      Device.open(server(), newUser('direct'), { client }),
      PlainDevice.open(server(), newUser('plain')),
    ]);
    const { sessionId } = await assemble(server(), devices);
    await fenceAll(devices, sessionId);
    await fenceAll([...devices].reverse(), sessionId);
    checkLists(devices, sessionId);
    while (devices.length > 1) {
      await leave(devices.shift(), sessionId);
      for (const device of devices) await nextOf(device, sessionId, 'user_left_call');
      checkLists(devices, sessionId);
    }
    await leave(devices[0], sessionId);
    await nextOf(devices[0], sessionId, 'call_session_ended');
  });
});

suite('a plain WebSocket in a session', { env: noLimits, versions: ['latest'] }, ({ server }) => {
  it('has all of it', { timeout: TEST_MS }, async () => {
    const [alice] = await crowd(server(), 1);
    const bob = await PlainDevice.open(server(), newUser('bob'));
    const carol = await PlainDevice.open(server(), newUser('carol'));
    const devices = [alice, bob, carol];
    const { sessionId } = await assemble(server(), devices);
    checkLists(devices, sessionId);
    for (const from of devices) {
      for (const to of devices) {
        if (from === to) continue;
        for (const [event, field] of Object.entries(relays)) {
          const value = { sdp: `${from.user} ${to.user}` };
          await from.must(event, { sessionId, targetSocketId: idOf(to), [field]: value });
          assert.deepEqual(await nextOf(to, sessionId, event), {
            sessionId,
            fromSocketId: idOf(from),
            fromUserId: from.user,
            [field]: value,
          });
        }
      }
    }
    await bob.must('media_state_changed', { sessionId, isScreenSharing: true });
    for (const device of [alice, carol]) {
      const told = await nextOf(device, sessionId, 'media_state_changed');
      assert.deepEqual([told.userId, told.isScreenSharing], [bob.user, true]);
    }
    await refusedEvent(bob, 'join_call_session', { sessionId: 'none' }, 'session_not_found');
    await leave(bob, sessionId);
    for (const device of [alice, carol]) await nextOf(device, sessionId, 'user_left_call');
    checkLists([alice, carol], sessionId);
    await leave(alice, sessionId);
    await leave(carol, sessionId);
    for (const device of devices) {
      assert.equal((await nextOf(device, sessionId, 'call_session_ended')).reason, 'last-left');
    }
  });

  it('resumes, and the others hear nothing', { timeout: TEST_MS }, async () => {
    const { proxy, behind } = await behindProxy(server());
    const [alice] = await crowd(server(), 1);
    const bob = await PlainDevice.open(behind, newUser('bob'));
    const { sessionId } = await assemble(server(), [alice, bob]);
    await fenceBySession(alice, bob, sessionId);
    proxy.cut();
    await bob.next('(disconnect)');
    await noticedGone(server(), bob);
    const target = { sessionId, targetUserId: bob.user };
    for (let n = 0; n < 20; ++n) {
      await alice.must('webrtc_ice_candidate', { ...target, candidate: { n } });
    }
    proxy.mend();
    const { pid } = bob.welcome;
    const hello = { token: token(bob.user), resume: { pid, offset: bob.offset } };
    const back = await PlainDevice.open(behind, bob.user, { hello });
    assert.equal(back.welcome.recovered, true);
    assert.equal(idOf(back), idOf(bob));
    for (let n = 0; n < 20; ++n) {
      assert.equal((await nextOf(back, sessionId, 'webrtc_ice_candidate')).candidate.n, n);
    }
    await fenceBySession(alice, back, sessionId);
    await fenceBySession(back, alice, sessionId);
    assert.deepEqual(alice.takeNames(), []);
    proxy.close();
  });
});
