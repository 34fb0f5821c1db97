// Offers, answers and candidates: passed on as they are, in order, to the right device only.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fenceByRelay, hangUp, newUser, pair, ring, talk } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { RawDevice } from '../lib/raw.mjs';
import { suite, TEST_MS } from '../lib/suite.mjs';

const EARLY = 30; // kept for each leg before the accept

suite('relaying', {}, ({ server, client }) => {
  it('keeps the order of a burst both ways', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    const burst = 600; // more than may wait for a device that is slow
    for (let n = 0; n < burst; ++n) {
      alice.emit('sendIceCandidate', { to: bob.user, callId, candidate: { n } });
      bob.emit('sendIceCandidate', { to: alice.user, callId, candidate: { n } });
    }
    for (const device of [alice, bob]) {
      for (let n = 0; n < burst; ++n) {
        assert.equal((await device.next('receiveIceCandidate')).candidate.n, n);
      }
    }
  });

  it(
    'takes an array of candidates, and whatever JSON the value is',
    { timeout: TEST_MS },
    async () => {
      const { alice, bob } = await pair(server(), { client });
      const callId = await talk(alice, bob);
      const values = [
        [{ candidate: 'a' }, { candidate: 'b' }],
        {
          text: 'ünïcödé \u2028 \u{1f600} "quoted" \\ back',
          nested: { a: [1, -2.5e-3, true, null] },
        },
        { big: 'x'.repeat(40000) },
      ];
      for (const candidate of values) {
        alice.emit('sendIceCandidate', { to: bob.user, callId, candidate });
        assert.deepEqual((await bob.next('receiveIceCandidate')).candidate, candidate);
        assert.equal(alice.takeNames().includes('callError'), false);
      }
    },
  );

  it(
    'keeps early messages and hands them to the device that accepts',
    { timeout: TEST_MS },
    async () => {
      const { alice, bob } = await pair(server(), { client });
      const other = await Device.open(server(), bob.user, { client });
      const callId = await ring(alice, bob);
      await other.next('incomingCall');
      await alice.must('sendOffer', {
        to: bob.user,
        callId,
        offer: { type: 'offer', sdp: 'early' },
      });
      for (let n = 1; n < EARLY; ++n) {
        alice.emit('sendIceCandidate', { to: bob.user, callId, candidate: { n } });
      }
      const ack = await alice.ask('sendIceCandidate', {
        to: bob.user,
        callId,
        candidate: { n: 30 },
      });
      assert.equal(ack.ok, false, 'more than 30 were kept');
      assert.equal(ack.code, 'early_relay_limit');
      other.emit('acceptCall', { callId });
      await other.next('callAcceptedConfirm');
      assert.equal((await other.next('receiveOffer')).offer.sdp, 'early');
      for (let n = 1; n < EARLY; ++n) {
        assert.equal((await other.next('receiveIceCandidate')).candidate.n, n);
      }
      await fenceByRelay(alice, other, callId);
      await bob.next('callAnsweredElsewhere');
      assert.deepEqual(bob.takeNames(), []);
      assert.deepEqual(other.takeNames(), []);
      const names = other.events.map((e) => e.name);
      assert.ok(names.indexOf('callAcceptedConfirm') < names.indexOf('receiveOffer'));
    },
  );

  it('refuses a stranger', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    const mallory = await Device.open(server(), newUser('mallory'), { client });
    for (const [event, field] of [
      ['sendOffer', 'offer'],
      ['sendAnswer', 'answer'],
      ['sendIceCandidate', 'candidate'],
    ]) {
      const message = { to: bob.user, callId, [field]: { type: field, sdp: 'x' } };
      const ack = await mallory.ask(event, message);
      assert.equal(ack.ok, false);
      assert.equal(ack.error, 'Not authorized');
      assert.equal(ack.code, 'not_authorized');
      const told = await mallory.next('callError');
      assert.equal(told.error, 'Not authorized');
      assert.equal(told.callId, callId);
    }
    // Nor can a participant send to somebody outside the call.
    const ack = await alice.ask('sendOffer', { to: mallory.user, callId, offer: {} });
    assert.equal(ack.error, 'Not authorized');
    await fenceByRelay(alice, bob, callId);
    assert.deepEqual(bob.takeNames(), []);
    assert.deepEqual(mallory.takeNames(), []);
  });

  it('never believes a sender that the client names', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    alice.emit('sendIceCandidate', { to: bob.user, callId, candidate: {}, from: 'somebody-else' });
    assert.equal((await bob.next('receiveIceCandidate')).from, alice.user);
  });

  it('refuses what comes after the end, and unknown calls', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    await hangUp(alice, bob, callId);
    for (const id of [callId, '0123456789abcdef01234567', 'no such call']) {
      const ack = await alice.ask('sendIceCandidate', { to: bob.user, callId: id, candidate: {} });
      assert.equal(ack.ok, false);
      assert.equal(ack.error, 'Call not found');
      assert.equal(ack.code, 'call_not_found');
      assert.equal((await alice.next('callError')).error, 'Call not found');
    }
    const next = await talk(alice, bob);
    await fenceByRelay(alice, bob, next);
    assert.deepEqual(bob.takeNames(), []);
  });

  it('refuses an SDP that is too large', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    const offer = { type: 'offer', sdp: 'x'.repeat(70000) };
    const ack = await alice.ask('sendOffer', { to: bob.user, callId, offer });
    assert.equal(ack.ok, false);
    assert.equal(ack.code, 'sdp_too_large');
    await fenceByRelay(alice, bob, callId);
    assert.deepEqual(bob.takeNames(), []);
  });
});

suite('relaying on the wire', { versions: ['latest'] }, ({ server, client }) => {
  it('passes the value on byte for byte', { timeout: TEST_MS }, async () => {
    const alice = await Device.open(server(), newUser('alice'), { client });
    const bobUser = newUser('bob');
    const bob = await RawDevice.open(server(), bobUser);
    alice.emit('initiateCall', { receiverId: bobUser, callType: 'audio' });
    const { callId } = await alice.next('callInitiated');
    await bob.next((text) => text.startsWith('42["incomingCall"'));
    bob.send(`42["acceptCall",{"callId":"${callId}"}]`);
    await bob.next((text) => text.startsWith('42["callAcceptedConfirm"'));
    // A raw device takes over Alice's leg.
    alice.drop();
    await bob.next((text) => text.startsWith('42["peerReconnecting"'));
    const raw = await RawDevice.open(server(), alice.user);
    await bob.next((text) => text.startsWith('42["peerReconnected"'));
    const values = [
      '{"b":1.0, "a":[1e3,  -0.0,1E+2],"b":2,"u":"\\u0041\\/\\u00e9 é","t":"\\t"}',
      '[ {"candidate":"x"} , null ]',
      '{"sdp":"v=0\\r\\na=x\\r\\n","type" : "offer"}',
    ];
    for (const [i, value] of values.entries()) {
      const [event, field] = i === 2 ? ['sendOffer', 'offer'] : ['sendIceCandidate', 'candidate'];
      raw.send(`42["${event}",{"to":"${bobUser}","${field}":${value},"callId":"${callId}"}]`);
      const text = await bob.next((frame) => /^42\["receive/.test(frame));
      assert.ok(text.includes(`"${field}":${value}`), text);
    }
    raw.close();
    bob.close();
  });
});
