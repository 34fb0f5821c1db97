// Plain WebSocket at /ws: for clients without a Socket.IO library.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { behindProxy, candidates, upTo } from '../lib/blinks.mjs';
import { fenceByRelay, hangUp, newUser, pair, ring, survive, talk } from '../lib/calls.mjs';
import { PlainDevice } from '../lib/plain_device.mjs';
import { noLimits, suite, TEST_MS } from '../lib/suite.mjs';
import { token, tokenExpiring } from '../lib/token.mjs';

const env = { ...noLimits, LIMITS_AUTH_FAILURES: '0' };

suite('plain WebSocket', { env, versions: ['latest'] }, ({ server }) => {
  it('says hello, then callState', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    const alice = await PlainDevice.open(server(), user);
    assert.equal(alice.welcome.userId, user);
    assert.equal(alice.welcome.recovered, false);
    assert.equal(typeof alice.welcome.sid, 'string');
    assert.equal(typeof alice.welcome.pid, 'string');
    assert.deepEqual(alice.callState, { calls: [] });
    alice.close();
  });

  for (const [where, options] of Object.entries({
    'the query': (user) => ({ query: `?token=${token(user)}` }),
    'the Authorization header': (user) => ({ headers: { Authorization: `Bearer ${token(user)}` } }),
  })) {
    it(`needs no hello with a token in ${where}`, { timeout: TEST_MS }, async () => {
      const user = newUser('alice');
      const alice = await PlainDevice.open(server(), user, { hello: null, ...options(user) });
      assert.equal(alice.welcome.userId, user);
      alice.close();
    });
  }

  it('takes a token by authenticate, too', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    const alice = new PlainDevice(server(), user, { hello: null });
    alice.ws.on('open', () => alice.emit('authenticate', { token: token(user) }));
    assert.equal((await alice.next('authenticated')).userId, user);
    await alice.next('callState');
    alice.close();
  });

  it('a pending ring follows callState', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await ring(alice, bob);
    const late = await PlainDevice.open(server(), bob.user);
    assert.equal(late.callState.calls[0].callId, callId);
    assert.equal((await late.next('incomingCall')).callId, callId);
    late.emit('acceptCall', { callId });
    await late.next('callAcceptedConfirm');
    await bob.next('callAnsweredElsewhere');
    await alice.next('callAccepted');
    late.close();
  });

  it('refuses a bad token, and takes a good one after it', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    for (const bad of [
      'x',
      '',
      7,
      null,
      tokenExpiring(user, -120),
      token(user, {}, 'another secret, long enough for HS256 as well'),
    ]) {
      const alice = new PlainDevice(server(), user, { hello: { token: bad } });
      const { error, code } = await alice.next('error');
      assert.equal(typeof error, 'string');
      assert.equal(typeof code, 'string');
      alice.emit('hello', { token: token(user) });
      assert.equal((await alice.next('hello')).userId, user);
      alice.close();
    }
  });

  it('events before hello are refused', { timeout: TEST_MS }, async () => {
    const alice = new PlainDevice(server(), newUser('alice'), { hello: null });
    alice.ws.on('open', () => alice.emit('initiateCall', { receiverId: 'x', callType: 'audio' }));
    const { code } = await alice.next('callError');
    assert.match(code, /^(unauthorized|not_authenticated|authentication_\w+)$/);
    alice.close();
  });

  it('acknowledges with ids of its client', { timeout: TEST_MS }, async () => {
    const alice = await PlainDevice.open(server(), newUser('alice'));
    const ack = await alice.ask('initiateCall', { receiverId: 'nobody', callType: 'audio' });
    assert.deepEqual([ack.ok, ack.error], [false, 'Receiver not found']);
    assert.equal((await alice.next('callError')).error, 'Receiver not found');
    assert.equal((await alice.ask('no such event')).code, 'unknown_event');
    alice.close();
  });

  it('bad frames get an error and change nothing', { timeout: TEST_MS }, async () => {
    const frames = [
      '',
      'x',
      '{',
      '[]',
      'null',
      '7',
      '"event"',
      '{}',
      '{"data":{}}',
      '{"event":7}',
      '{"event":null}',
      '{"event":"callState","id":"x"}',
      '{"event":"endCall","id":-1}',
      '{"event":"endCall","id":1.5}',
      '{"event":"hello","data":{"token":"again"}}',
      '{"event":"endCall","data":{"callId":1}} x',
    ];
    await survive(server(), async () => {
      const eve = await PlainDevice.open(server(), newUser('eve'));
      for (const frame of frames) {
        eve.send(frame);
        const { error, code } = await eve.next('error');
        assert.ok(typeof error === 'string' && typeof code === 'string', frame);
      }
      for (const [frame, name] of [
        ['{"event":"endCall"}', 'callError'],
        ['{"event":"endCall","data":null}', 'callError'],
        ['{"event":"endCall","data":[]}', 'callError'],
        ['{"event":"initiateCall","data":"x"}', 'callError'],
      ]) {
        eve.send(frame);
        assert.equal(typeof (await eve.next(name)).code, 'string', frame);
      }
      assert.equal((await eve.ask('no such event')).code, 'unknown_event');
      eve.close();
    });
  });

  it('binary is refused with a typed error', { timeout: TEST_MS }, async () => {
    const eve = await PlainDevice.open(server(), newUser('eve'));
    eve.send(Buffer.from('{"event":"endCall"}'));
    assert.equal((await eve.next('callError')).code, 'binary_refused');
    assert.equal((await eve.ask('no such event')).code, 'unknown_event');
    eve.close();
  });

  it('closes with the codes of the table', { timeout: TEST_MS }, async () => {
    const big = await PlainDevice.open(server(), newUser('eve'));
    big.send(`{"event":"x","data":"${'y'.repeat(140000)}"}`);
    assert.equal((await big.end()).code, 1009);
    const bad = await PlainDevice.open(server(), newUser('eve'));
    bad.ws.send(Buffer.from([0x7b, 0xff]), { binary: false });
    assert.equal((await bad.end()).code, 1007);
  });

  it('resumes: what was sent meanwhile, in order, once', { timeout: TEST_MS }, async () => {
    const { proxy, behind } = await behindProxy(server());
    const alice = await PlainDevice.open(server(), newUser('alice'));
    const bob = await PlainDevice.open(behind, newUser('bob'));
    const callId = await talk(alice, bob);
    await fenceByRelay(alice, bob, callId);
    proxy.cut();
    await bob.next('(disconnect)');
    await alice.next('peerReconnecting');
    for (let n = 0; n < 30; ++n) {
      await alice.must('sendIceCandidate', { to: bob.user, callId, candidate: { n } });
    }
    proxy.mend();
    const { pid, sid } = bob.welcome;
    const hello = { token: token(bob.user), resume: { pid, offset: bob.offset } };
    const back = await PlainDevice.open(behind, bob.user, { hello });
    assert.equal(back.welcome.recovered, true);
    assert.equal(back.welcome.sid, sid);
    const names = back.events.map(({ name }) => name);
    const missed = Array.from({ length: 30 }, () => 'receiveIceCandidate');
    assert.deepEqual(names, ['hello', ...missed, 'callState']);
    assert.deepEqual(candidates(back.events), upTo(30));
    assert.equal(back.callState.calls[0].state, 'active');
    await alice.next('peerReconnected');
    await fenceByRelay(alice, back, callId);
    await fenceByRelay(back, alice, callId);
    await hangUp(back, alice, callId);
    proxy.close();
  });

  it('resumes not what is not there', { timeout: TEST_MS }, async () => {
    const user = newUser('bob');
    for (const resume of [
      { pid: 'unknown', offset: '3' },
      { pid: 7 },
      {},
      null,
      'x',
      [],
      { pid: '', offset: '' },
    ]) {
      const hello = { token: token(user), resume };
      const bob = await PlainDevice.open(server(), user, { hello });
      assert.equal(bob.welcome.recovered, false, JSON.stringify(resume));
      bob.close();
    }
  });
});
