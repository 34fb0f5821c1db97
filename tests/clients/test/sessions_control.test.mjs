// Who may end a session or change what is sent in it, what the others are told, and who is busy.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser, ring } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import {
  assemble,
  BASE,
  crowd,
  details,
  endSession,
  enter,
  fenceAll,
  fenceByInvitation,
  fenceBySession,
  idOf,
  initiate,
  joinAll,
  leave,
  nextOf,
  refusedEvent,
  refusedOf,
} from '../lib/sessions.mjs';
import { ok, refused } from '../lib/rest.mjs';
import { noLimits, suite, TEST_MS } from '../lib/suite.mjs';
import { token } from '../lib/token.mjs';

const admin = newUser('admin');
const env = { ...noLimits, ADMIN_USERS: admin };
const latest = { env, versions: ['latest'] };

suite('ending a session', latest, ({ server }) => {
  it('is for the initiator, in the session or not', { timeout: TEST_MS }, async () => {
    for (const isIn of [true, false]) {
      const [alice, bob, carol, mallory] = await crowd(server(), 4);
      const { sessionId } = await initiate(server(), alice, [bob, carol]);
      await joinAll(isIn ? [alice, bob] : [bob], sessionId);
      const path = `/session/${sessionId}/end`;
      for (const who of [bob, carol, mallory]) {
        await refusedOf(server(), who, 'POST', path, undefined, 403, 'not_authorized');
      }
      const { message, data } = await endSession(server(), alice, sessionId);
      assert.equal(message, 'Call session ended');
      assert.deepEqual(data, {
        sessionId,
        streamChannelId: `messaging:call-${sessionId}`,
        status: 'ended',
        endedBy: alice.user,
        reason: 'hangup',
        duration: data.duration,
      });
      for (const device of [alice, bob, carol]) {
        assert.deepEqual(await nextOf(device, sessionId, 'call_session_ended'), {
          sessionId,
          endedBy: alice.user,
          reason: 'hangup',
          duration: data.duration,
        });
      }
      await refusedOf(server(), alice, 'POST', path, undefined, 404, 'session_not_found');
      await fenceByInvitation(server(), mallory.user, mallory);
      assert.deepEqual(mallory.takeNames(), []);
      const late = await Device.open(server(), bob.user);
      assert.deepEqual(late.callState, { calls: [] });
    }
  });

  it('is for admins, by setting and by claim', { timeout: TEST_MS }, async () => {
    const byClaim = { token: token(newUser('boss'), { role: 'admin' }) };
    for (const who of [{ token: token(admin) }, byClaim]) {
      const [alice, bob] = await crowd(server(), 2);
      const { sessionId } = await assemble(server(), [alice, bob]);
      assert.equal((await details(server(), who, sessionId)).status, 'active');
      const { data } = await ok(server(), who, 'POST', `${BASE}/session/${sessionId}/end`);
      assert.equal(data.reason, 'hangup');
      for (const device of [alice, bob]) await nextOf(device, sessionId, 'call_session_ended');
    }
  });

  it('cannot be done in the words of direct calls', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2);
    const { sessionId } = await assemble(server(), [alice, bob]);
    for (const event of ['endCall', 'acceptCall', 'rejectCall']) {
      const ack = await alice.ask(event, { callId: sessionId });
      assert.deepEqual([ack.ok, ack.code], [false, 'call_not_found'], event);
    }
    const body = { callId: sessionId };
    await refused(server(), alice.user, 'POST', '/api/calls/end', body, 404, 'call_not_found');
    await fenceAll([alice, bob], sessionId);
  });
});

suite('media in a session', latest, ({ server }) => {
  it('is changed by socket and by REST', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await crowd(server(), 3);
    const { sessionId } = await assemble(server(), [alice, bob, carol]);
    const path = `${BASE}/session/${sessionId}/media`;
    const state = { hasVideo: true, hasAudio: true, isScreenSharing: false };
    for (const [door, change] of [
      ['rest', { hasVideo: false }],
      ['socket', { hasAudio: false }],
      ['rest', { isScreenSharing: true, hasVideo: true }],
      ['socket', { hasAudio: true, isScreenSharing: false }],
      ['rest', { hasAudio: true }], // nothing new, and told all the same
    ]) {
      Object.assign(state, change);
      const told = { sessionId, userId: bob.user, socketId: idOf(bob), ...state };
      if (door === 'rest') {
        const { message, data } = await ok(server(), bob.user, 'PUT', path, change);
        assert.equal(message, 'Media settings updated');
        assert.deepEqual(data, told);
      } else {
        await bob.must('media_state_changed', { sessionId, ...change });
      }
      for (const device of [alice, carol]) {
        assert.deepEqual(await nextOf(device, sessionId, 'media_state_changed'), told);
      }
    }
    await fenceAll([alice, bob, carol], sessionId);
    assert.deepEqual(bob.takeNames(), []);
    // Who comes later sees it.
    await bob.must('media_state_changed', { sessionId, hasVideo: false, isScreenSharing: true });
    const { participants } = await enter(carol, sessionId);
    const entry = participants.find(({ userId }) => userId === bob.user);
    const { hasVideo, hasAudio, isScreenSharing } = entry;
    assert.deepEqual([hasVideo, hasAudio, isScreenSharing], [false, true, true]);
  });

  it('refuses sharing where it is not allowed', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2);
    const callSettings = { allowScreenShare: false };
    const { sessionId } = await assemble(server(), [alice, bob], { callSettings });
    const share = { isScreenSharing: true };
    const code = 'screen_share_refused';
    const path = `/session/${sessionId}/media`;
    const answer = await refusedOf(server(), bob, 'PUT', path, share, 403, code);
    assert.equal(answer.message, 'Screen sharing is not allowed');
    await refusedEvent(bob, 'media_state_changed', { sessionId, ...share }, code);
    await bob.must('media_state_changed', { sessionId, isScreenSharing: false, hasVideo: false });
    assert.equal((await nextOf(alice, sessionId, 'media_state_changed')).hasVideo, false);
    await fenceBySession(bob, alice, sessionId);
    assert.deepEqual(alice.takeNames(), []);
  });

  it('refuses what says nothing, and who is not in', { timeout: TEST_MS }, async () => {
    const [alice, bob, mallory] = await crowd(server(), 3);
    const { sessionId } = await initiate(server(), alice, [bob]);
    await enter(alice, sessionId);
    const path = `/session/${sessionId}/media`;
    for (const body of [{}, { hasVideo: 'on' }, { hasAudio: null }, { isScreenSharing: 1 }]) {
      await refusedOf(server(), alice, 'PUT', path, body, 400, 'invalid_field');
      await refusedEvent(alice, 'media_state_changed', { sessionId, ...body }, 'invalid_field');
    }
    for (const who of [bob, mallory]) {
      const on = { hasVideo: true };
      await refusedOf(server(), who, 'PUT', path, on, 403, 'not_authorized');
      await refusedEvent(who, 'media_state_changed', { sessionId, ...on }, 'not_authorized');
    }
    const nowhere = '/session/call_1234567890123_abcdef123/media';
    const code = 'session_not_found';
    await refusedOf(server(), alice, 'PUT', nowhere, { hasVideo: true }, 404, code);
  });
});

suite('busy across kinds of calls', latest, ({ server }) => {
  it('who is in a session cannot be called, nor call', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await crowd(server(), 3);
    const { sessionId } = await initiate(server(), alice, [bob]);
    await enter(alice, sessionId);
    // Bob is only invited: he can be called.
    const callId = await ring(carol, bob);
    await bob.must('rejectCall', { callId });
    await carol.next('callRejected', (data) => data.callId === callId);
    await enter(bob, sessionId);
    const body = { receiverId: bob.user, callType: 'audio' };
    await refused(server(), carol.user, 'POST', '/api/calls/initiate', body, 409, 'user_busy');
    const own = { receiverId: carol.user, callType: 'audio' };
    await refused(server(), bob.user, 'POST', '/api/calls/initiate', own, 409, 'caller_busy');
    await leave(bob, sessionId);
    await ring(carol, bob);
  });

  it('who talks may begin and join sessions', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await crowd(server(), 3);
    const callId = await ring(alice, bob);
    await bob.must('acceptCall', { callId });
    await assemble(server(), [bob, carol]);
    await alice.must('endCall', { callId });
  });
});
