// Relays go from one who is in to another who is in; a stranger can neither join, receive nor send.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { RawDevice } from '../lib/raw.mjs';
import {
  assemble,
  crowd,
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
  relays,
} from '../lib/sessions.mjs';
import { noLimits, suite, TEST_MS } from '../lib/suite.mjs';

suite('a stranger to a session', { env: noLimits }, ({ server, client }) => {
  it('neither joins, nor receives, nor sends', { timeout: TEST_MS }, async () => {
    const [alice, bob, mallory] = await crowd(server(), 3, { client });
    const { sessionId } = await assemble(server(), [alice, bob]);
    await refusedEvent(mallory, 'join_call_session', { sessionId }, 'not_invited');
    await refusedEvent(mallory, 'leave_call_session', { sessionId }, 'not_authorized');
    const media = { sessionId, hasVideo: false };
    await refusedEvent(mallory, 'media_state_changed', media, 'not_authorized');
    for (const [event, field] of Object.entries(relays)) {
      const value = { type: field, sdp: 'v=0' };
      for (const target of [{ targetSocketId: idOf(bob) }, { targetUserId: bob.user }]) {
        // As itself, and with a sender that is made up.
        const forged = { fromSocketId: idOf(alice), fromUserId: alice.user };
        const data = { sessionId, ...target, [field]: value };
        await refusedEvent(mallory, event, data, 'not_authorized');
        await refusedEvent(mallory, event, { ...data, ...forged }, 'not_authorized');
      }
      for (const target of [{ targetSocketId: idOf(mallory) }, { targetUserId: mallory.user }]) {
        const data = { sessionId, ...target, [field]: value };
        const ack = await refusedEvent(alice, event, data, 'target_not_in_session');
        assert.equal(ack.error, 'Target is not in this session');
      }
    }
    await fenceAll([alice, bob], sessionId);
    await fenceByInvitation(server(), mallory.user, mallory);
    for (const device of [alice, bob, mallory]) assert.deepEqual(device.takeNames(), []);
  });

  it('is also who was invited, and who left', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol, dave] = await crowd(server(), 4, { client });
    const { sessionId } = await initiate(server(), alice, [bob, carol, dave]);
    await joinAll([alice, bob, carol], sessionId);
    await leave(carol, sessionId);
    for (const device of [alice, bob]) await nextOf(device, sessionId, 'user_left_call');
    for (const outside of [carol, dave]) {
      for (const [event, field] of Object.entries(relays)) {
        const value = { type: field, sdp: 'v=0' };
        const data = { sessionId, targetUserId: bob.user, [field]: value };
        await refusedEvent(outside, event, data, 'not_authorized');
        for (const target of [{ targetSocketId: idOf(outside) }, { targetUserId: outside.user }]) {
          const back = { sessionId, ...target, [field]: value };
          await refusedEvent(alice, event, back, 'target_not_in_session');
        }
      }
    }
    await alice.must('media_state_changed', { sessionId, hasVideo: false });
    await nextOf(bob, sessionId, 'media_state_changed');
    for (const outside of [carol, dave]) {
      await fenceByInvitation(server(), outside.user, outside);
      assert.deepEqual(outside.takeNames(), ['call_invitation']);
    }
    // With the leg comes everything again.
    await enter(carol, sessionId);
    for (const device of [alice, bob]) await nextOf(device, sessionId, 'user_joined_call');
    await fenceAll([alice, bob, carol], sessionId);
  });

  it('in one session is in no other', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol, dave] = await crowd(server(), 4, { client });
    const first = await assemble(server(), [alice, bob]);
    const second = await assemble(server(), [carol, dave]);
    const data = { targetSocketId: idOf(carol), offer: { sdp: 'x' } };
    const { sessionId } = second;
    await refusedEvent(alice, 'webrtc_offer', { ...data, sessionId }, 'not_authorized');
    const own = { ...data, sessionId: first.sessionId };
    await refusedEvent(alice, 'webrtc_offer', own, 'target_not_in_session');
    await fenceAll([carol, dave], sessionId);
    for (const device of [carol, dave]) assert.deepEqual(device.takeNames(), []);
  });
});

suite('relays in a session', { env: noLimits }, ({ server, client }) => {
  it('keep their order, from all to one', { timeout: TEST_MS }, async () => {
    const devices = await crowd(server(), 4, { client });
    const { sessionId } = await assemble(server(), devices);
    const [to, ...senders] = devices;
    const burst = 100;
    for (let n = 0; n < burst; ++n) {
      for (const from of senders) {
        const target = n % 2 ? { targetSocketId: idOf(to) } : { targetUserId: to.user };
        from.emit('webrtc_ice_candidate', { sessionId, ...target, candidate: { n } });
      }
    }
    for (const from of senders) {
      for (let n = 0; n < burst; ++n) {
        const own = (data) => data.fromSocketId === idOf(from);
        assert.equal((await nextOf(to, sessionId, 'webrtc_ice_candidate', own)).candidate.n, n);
      }
    }
  });

  it('tell ids of sockets and of users apart', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2, { client });
    // A user whose id is that of Bob's socket.
    const mallory = await Device.open(server(), idOf(bob), { client });
    const everybody = [alice, bob, mallory];
    const { sessionId } = await assemble(server(), everybody);
    await fenceAll(everybody, sessionId);
    for (const [event, field] of Object.entries(relays)) {
      for (const [target, to] of [
        [{ targetUserId: idOf(bob) }, mallory],
        [{ targetSocketId: idOf(bob) }, bob],
      ]) {
        const value = { sdp: Object.keys(target)[0] };
        await alice.must(event, { sessionId, ...target, [field]: value });
        assert.deepEqual((await nextOf(to, sessionId, event))[field], value);
      }
      for (const target of [{ targetUserId: idOf(mallory) }, { targetSocketId: bob.user }]) {
        const data = { sessionId, ...target, [field]: {} };
        await refusedEvent(alice, event, data, 'target_not_in_session');
      }
    }
    await fenceAll(everybody, sessionId);
    for (const device of everybody) assert.deepEqual(device.takeNames(), []);
  });

  it('need a value, of a size, and a target', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2, { client });
    const { sessionId } = await assemble(server(), [alice, bob]);
    const to = { sessionId, targetSocketId: idOf(bob) };
    const big = { type: 'offer', sdp: 'x'.repeat(70000) };
    for (const [event, data, code] of [
      ['webrtc_offer', to, 'invalid_field'],
      ['webrtc_offer', { ...to, offer: null }, 'invalid_field'],
      ['webrtc_answer', { ...to, answer: null }, 'invalid_field'],
      ['webrtc_ice_candidate', to, 'invalid_field'],
      ['webrtc_offer', { sessionId, offer: {} }, 'invalid_field'],
      ['webrtc_offer', { sessionId, targetSocketId: 7, offer: {} }, 'invalid_field'],
      ['webrtc_offer', { ...to, sessionId: 7, offer: {} }, 'session_id_required'],
      ['webrtc_offer', { ...to, offer: big }, 'sdp_too_large'],
      ['webrtc_answer', { ...to, answer: big }, 'sdp_too_large'],
      // To oneself.
      ['webrtc_offer', { sessionId, targetUserId: alice.user, offer: {} }, 'target_not_in_session'],
    ]) {
      const ack = await alice.ask(event, data);
      assert.deepEqual([ack.ok, ack.code], [false, code], JSON.stringify(data).slice(0, 200));
      await alice.next('call_error', (error) => error.code === code);
    }
    for (const candidate of [null, [{ candidate: 'a' }, { candidate: 'b' }], 'text', {}]) {
      await alice.must('webrtc_ice_candidate', { ...to, candidate });
      assert.deepEqual((await nextOf(bob, sessionId, 'webrtc_ice_candidate')).candidate, candidate);
    }
    // The socket id wins.
    await alice.must('webrtc_offer', { ...to, targetUserId: 'nobody', offer: { sdp: 'x' } });
    await nextOf(bob, sessionId, 'webrtc_offer');
    await fenceBySession(alice, bob, sessionId);
    assert.deepEqual(bob.takeNames(), []);
  });

  it('end with the session', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2, { client });
    const { sessionId } = await assemble(server(), [alice, bob]);
    await fenceAll([alice, bob], sessionId);
    await endSession(server(), alice, sessionId);
    await nextOf(bob, sessionId, 'call_session_ended');
    const data = { sessionId, targetSocketId: idOf(bob), offer: { sdp: 'x' } };
    await refusedEvent(alice, 'webrtc_offer', data, 'session_not_found');
    await fenceByInvitation(server(), bob.user, bob);
    assert.deepEqual(bob.takeNames(), []);
  });
});

suite('bytes in a session', { env: noLimits, versions: ['latest'] }, ({ server }) => {
  it('are passed on as they were spelled', { timeout: TEST_MS }, async () => {
    const alice = newUser('alice');
    const from = await RawDevice.open(server(), alice);
    const bob = await Device.open(server(), newUser('bob'));
    const { sessionId } = await initiate(server(), bob, [alice]);
    await from.next((text) => text.startsWith('42["call_invitation"'));
    await enter(bob, sessionId);
    from.send(`42["join_call_session",{"sessionId":"${sessionId}"}]`);
    await from.next((text) => text.startsWith('42["call_session_joined"'));
    await nextOf(bob, sessionId, 'user_joined_call');
    const packets = [];
    bob.socket.io.engine.on('packet', ({ data }) => packets.push(data));
    const spellings = [
      '{ "sdp" : "\\u0041\\/b" , "n" : 1.0 }',
      '{"a":1e2,"a":-0,"b":[1.10,\t2 ,\n3]}',
      '{"\\u0073dp":"\u2028\u{1f600}","offer":null,"sessionId":"x"}',
      '{"big":123456789012345678901234567890.000}',
    ];
    for (const [event, field] of Object.entries(relays)) {
      for (const [n, value] of spellings.entries()) {
        // The field first, last and between.
        const members = [`"sessionId":"${sessionId}"`, `"targetUserId":"${bob.user}"`];
        members.splice(n % 3, 0, `"${field}": ${value}`);
        from.send(`42["${event}",{${members.join(',')}}]`);
        await nextOf(bob, sessionId, event);
        const packet = packets.at(-1);
        assert.ok(packet.includes(`"${field}":${value}`), `${value}\n${packet}`);
      }
    }
    from.close();
  });
});
