// Every error string of the guide, with its code, by event, acknowledgement and REST answer.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser, pair, ring, talk } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { refused } from '../lib/rest.mjs';
import { suite, TEST_MS } from '../lib/suite.mjs';

const unknownCall = '00112233445566778899aabb';

/** The event has to be refused, in the acknowledgement and by `callError`. */
async function expectError(device, event, data, error, code) {
  const ack = await device.ask(event, ...(data === undefined ? [] : [data]));
  assert.equal(ack.ok, false, `${event} ${JSON.stringify(data)}: ${JSON.stringify(ack)}`);
  assert.equal(ack.error, error);
  assert.equal(ack.code, code);
  const told = await device.next('callError');
  assert.equal(told.error, error);
  assert.equal(told.code, code);
  if (data?.callId === unknownCall) assert.equal(told.callId, unknownCall);
}

suite('callError', { env: { LIMITS_COSTLY_PER_MINUTE: '0' } }, ({ server, client }) => {
  it('receiverId required', { timeout: TEST_MS }, async () => {
    const device = await Device.open(server(), newUser('alice'), { client });
    for (const data of [{}, { receiverId: '', callType: 'audio' }, { receiverId: null }]) {
      await expectError(device, 'initiateCall', data, 'receiverId required', 'receiver_required');
      await refused(
        server(),
        device.user,
        'POST',
        '/api/calls/initiate',
        data,
        400,
        'receiver_required',
      );
    }
  });

  it('Receiver not found', { timeout: TEST_MS }, async () => {
    const device = await Device.open(server(), newUser('alice'), { client });
    const data = { receiverId: newUser('nobody'), callType: 'audio' };
    await expectError(device, 'initiateCall', data, 'Receiver not found', 'receiver_not_found');
    const path = '/api/calls/initiate';
    const body = await refused(
      server(),
      device.user,
      'POST',
      path,
      data,
      404,
      'receiver_not_found',
    );
    assert.equal(body.message, 'Receiver not found');
  });

  it('Invalid callType', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    for (const callType of ['screen', '', 7, 'AUDIO']) {
      const data = { receiverId: bob.user, callType };
      await expectError(alice, 'initiateCall', data, 'Invalid callType', 'invalid_call_type');
      const path = '/api/calls/initiate';
      await refused(server(), alice.user, 'POST', path, data, 400, 'invalid_call_type');
    }
  });

  it('Cannot call yourself', { timeout: TEST_MS }, async () => {
    const device = await Device.open(server(), newUser('alice'), { client });
    const data = { receiverId: device.user, callType: 'audio' };
    await expectError(device, 'initiateCall', data, 'Cannot call yourself', 'self_call');
    await refused(server(), device.user, 'POST', '/api/calls/initiate', data, 400, 'self_call');
  });

  for (const [event, path] of [
    ['acceptCall', '/api/calls/accept'],
    ['rejectCall', '/api/calls/reject'],
    ['endCall', '/api/calls/end'],
  ]) {
    it(`callId required: ${event}`, { timeout: TEST_MS }, async () => {
      const device = await Device.open(server(), newUser('alice'), { client });
      for (const data of [{}, { callId: '' }, { callId: null }]) {
        await expectError(device, event, data, 'callId required', 'call_id_required');
        await refused(server(), device.user, 'POST', path, data, 400, 'call_id_required');
      }
    });

    it(`Call not found: ${event}`, { timeout: TEST_MS }, async () => {
      const device = await Device.open(server(), newUser('alice'), { client });
      const data = { callId: unknownCall };
      await expectError(device, event, data, 'Call not found', 'call_not_found');
      const body = await refused(server(), device.user, 'POST', path, data, 404, 'call_not_found');
      assert.equal(body.message, 'Call not found');
      const odd = { callId: "'; DROP TABLE calls; --" };
      await expectError(device, event, odd, 'Call not found', 'call_not_found');
    });

    it(`Not authorized: ${event} by a stranger`, { timeout: TEST_MS }, async () => {
      const { alice, bob } = await pair(server(), { client });
      const mallory = await Device.open(server(), newUser('mallory'), { client });
      const callId = await ring(alice, bob);
      await expectError(mallory, event, { callId }, 'Not authorized', 'not_authorized');
      await refused(server(), mallory.user, 'POST', path, { callId }, 403, 'not_authorized');
      // It still rings.
      await bob.must('acceptCall', { callId });
      await expectError(mallory, event, { callId }, 'Not authorized', 'not_authorized');
      await alice.must('endCall', { callId });
      await expectError(mallory, event, { callId }, 'Not authorized', 'not_authorized');
    });
  }

  it('Not authorized: the caller answers the own call', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await ring(alice, bob);
    for (const [event, path] of [
      ['acceptCall', '/api/calls/accept'],
      ['rejectCall', '/api/calls/reject'],
    ]) {
      await expectError(alice, event, { callId }, 'Not authorized', 'not_authorized');
      await refused(server(), alice.user, 'POST', path, { callId }, 403, 'not_authorized');
    }
    await bob.must('acceptCall', { callId });
  });

  it('Call already processed', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    const args = [{ callId }, 'Call already processed', 'already_processed'];
    await expectError(bob, 'acceptCall', ...args);
    await refused(
      server(),
      bob.user,
      'POST',
      '/api/calls/accept',
      { callId },
      409,
      'already_processed',
    );
    await expectError(bob, 'rejectCall', ...args);
    await alice.must('endCall', { callId });
    await expectError(bob, 'acceptCall', ...args);
    await expectError(bob, 'rejectCall', ...args);
    await refused(
      server(),
      bob.user,
      'POST',
      '/api/calls/reject',
      { callId },
      409,
      'already_processed',
    );
  });

  it(
    'an end of what is over is confirmed again, to the asker alone',
    { timeout: TEST_MS },
    async () => {
      const { alice, bob } = await pair(server(), { client });
      const callId = await talk(alice, bob);
      await alice.must('endCall', { callId });
      const first = await alice.next('callEndedConfirm');
      for (const device of [alice, bob]) {
        await device.must('endCall', { callId });
        assert.deepEqual(await device.next('callEndedConfirm'), first);
      }
    },
  );

  it(
    'unknown events are answered when they ask, and else ignored',
    { timeout: TEST_MS },
    async () => {
      const device = await Device.open(server(), newUser('alice'), { client });
      device.emit('someEvent', { a: 1 });
      const ack = await device.ask('someOtherEvent', { a: 1 });
      assert.equal(ack.ok, false);
      assert.equal(ack.code, 'unknown_event');
      assert.equal(typeof ack.error, 'string');
      assert.deepEqual(device.takeNames(), []);
    },
  );

  it('wrong types and missing arguments get a typed error', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    const cases = [
      ['initiateCall', undefined],
      ['initiateCall', null],
      ['initiateCall', 'text'],
      ['initiateCall', 17],
      ['initiateCall', []],
      ['initiateCall', { receiverId: 17, callType: 'audio' }],
      ['initiateCall', { receiverId: { $ne: null }, callType: 'audio' }],
      ['acceptCall', undefined],
      ['acceptCall', [callId]],
      ['acceptCall', { callId: 17 }],
      ['endCall', { callId: { a: 1 } }],
      ['rejectCall', true],
      ['sendOffer', undefined],
      ['sendOffer', { to: bob.user, callId }],
      ['sendOffer', { to: 5, callId, offer: {} }],
      ['sendAnswer', { to: bob.user, callId }],
      ['sendIceCandidate', { to: bob.user, callId }],
      ['sendIceCandidate', { callId, candidate: {} }],
    ];
    for (const [event, data] of cases) {
      const ack = await alice.ask(event, ...(data === undefined ? [] : [data]));
      const shown = `${event} ${JSON.stringify(data)}: ${JSON.stringify(ack)}`;
      assert.equal(ack.ok, false, shown);
      assert.match(ack.code, /^[a-z_]+$/, shown);
      assert.notEqual(ack.code, 'internal_error', shown);
      assert.equal((await alice.next('callError')).code, ack.code, shown);
    }
    assert.ok(!bob.takeNames().some((name) => name.startsWith('receive')));
  });
});
