// Recovery at its bounds: more than is kept, clients that do not know of it, half-open connections,
// secrets that are wrong or somebody else's.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { candidates, pairWithProxy, upTo } from '../lib/blinks.mjs';
import { fenceByRelay, hangUp, newUser, pair, proveAlive, talk } from '../lib/calls.mjs';
import { RawDevice } from '../lib/raw.mjs';
import { recordOf } from '../lib/rest.mjs';
import { noLimits, suite, TEST_MS } from '../lib/suite.mjs';
import { token } from '../lib/token.mjs';
import { eventually } from '../lib/waiting.mjs';

/** Bob is gone, and Alice has been told. */
async function lose(bob, alice, proxy) {
  proxy.cut();
  await bob.next('(disconnect)');
  await alice.next('peerReconnecting');
}

/** Bob is back; his events since he was gone, up to and with `callState`. */
async function comeBack(bob, proxy) {
  const from = bob.events.length;
  proxy.mend();
  bob.socket.connect();
  await bob.next('(connect)');
  bob.callState = await bob.next('callState');
  return bob.events.slice(from).filter(({ name }) => !name.startsWith('('));
}

suite('recovery at its bounds', { env: noLimits, versions: ['latest'] }, ({ server }) => {
  /** `count` messages of about `size` bytes while Bob is away; how he comes back. */
  async function afterMissing(count, size) {
    const { alice, bob, proxy } = await pairWithProxy(server());
    const callId = await talk(alice, bob);
    const first = bob.socket.id;
    await lose(bob, alice, proxy);
    const padding = 'x'.repeat(size);
    for (let n = 0; n < count; ++n) {
      const candidate = { n, padding };
      await alice.must('sendIceCandidate', { to: bob.user, callId, candidate });
    }
    const events = await comeBack(bob, proxy);
    // However he came back: the call goes on.
    assert.equal(bob.callState.calls[0].callId, callId);
    assert.equal(bob.callState.calls[0].state, 'active');
    await alice.next('peerReconnected');
    await fenceByRelay(alice, bob, callId);
    await fenceByRelay(bob, alice, callId);
    await hangUp(bob, alice, callId);
    proxy.close();
    return { events, recovered: bob.socket.recovered, same: bob.socket.id === first };
  }

  it('256 messages are kept', { timeout: TEST_MS }, async () => {
    const { events, recovered, same } = await afterMissing(256, 0);
    assert.equal(recovered, true);
    assert.ok(same);
    assert.deepEqual(candidates(events), upTo(256));
  });

  it('257 are too many: a new session', { timeout: TEST_MS }, async () => {
    const { events, recovered, same } = await afterMissing(257, 0);
    assert.equal(recovered, false);
    assert.ok(!same);
    assert.deepEqual(
      events.map(({ name }) => name),
      ['callState'],
    );
  });

  it('not quite 1 MiB is kept', { timeout: TEST_MS }, async () => {
    const { events, recovered } = await afterMissing(16, 60_000);
    assert.equal(recovered, true);
    assert.deepEqual(candidates(events), upTo(16));
  });

  it('more than 1 MiB is too much: a new session', { timeout: TEST_MS }, async () => {
    const { recovered, events } = await afterMissing(18, 60_000);
    assert.equal(recovered, false);
    assert.deepEqual(candidates(events), []);
  });

  it('what came before does not count', { timeout: TEST_MS }, async () => {
    const { alice, bob, proxy } = await pairWithProxy(server());
    const callId = await talk(alice, bob);
    for (let n = 0; n < 600; ++n) {
      alice.emit('sendIceCandidate', { to: bob.user, callId, candidate: { n } });
    }
    await bob.next('receiveIceCandidate', (data) => data.candidate.n === 599);
    await lose(bob, alice, proxy);
    await alice.must('sendIceCandidate', { to: bob.user, callId, candidate: { n: 600 } });
    const events = await comeBack(bob, proxy);
    assert.equal(bob.socket.recovered, true);
    assert.deepEqual(candidates(events), [600]);
    proxy.close();
  });

  it('twice: the second time only what is new', { timeout: TEST_MS }, async () => {
    const { alice, bob, proxy } = await pairWithProxy(server());
    const callId = await talk(alice, bob);
    for (const n of [0, 1, 2]) {
      await lose(bob, alice, proxy);
      await alice.must('sendIceCandidate', { to: bob.user, callId, candidate: { n } });
      assert.deepEqual(candidates(await comeBack(bob, proxy)), [n]);
      assert.equal(bob.socket.recovered, true);
      await alice.next('peerReconnected');
    }
    proxy.close();
  });

  it('a half-open connection: what went into it comes again', { timeout: TEST_MS }, async () => {
    const { alice, bob, proxy } = await pairWithProxy(server());
    const callId = await talk(alice, bob);
    const first = bob.socket.id;
    proxy.orphan();
    await bob.next('(disconnect)');
    for (let n = 0; n < 50; ++n) {
      await alice.must('sendIceCandidate', { to: bob.user, callId, candidate: { n } });
    }
    assert.equal(proxy.orphans, 1, 'the server still has the old connection');
    const events = await comeBack(bob, proxy);
    assert.equal(bob.socket.recovered, true);
    assert.equal(bob.socket.id, first);
    assert.deepEqual(candidates(events), upTo(50));
    await eventually('the old connection is closed', () => proxy.orphans === 0);
    await fenceByRelay(alice, bob, callId);
    await fenceByRelay(bob, alice, callId);
    const names = alice.takeNames();
    assert.ok(
      names.length === 0 || names.join() === 'peerReconnecting,peerReconnected',
      names.join(),
    );
    await hangUp(alice, bob, callId);
    assert.deepEqual(candidates(bob.events).slice(0, 50), upTo(50));
    proxy.close();
  });

  it('a goodbye is no blink', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    const first = bob.socket.id;
    bob.socket.disconnect();
    // The next connection is another one, and may overtake the goodbye.
    await alice.next('peerReconnecting', (data) => data.callId === callId);
    bob.socket.connect();
    await bob.next('(connect)');
    assert.equal(bob.socket.recovered, false);
    assert.notEqual(bob.socket.id, first);
  });

  it('a client without recovery goes on by callState', { timeout: TEST_MS }, async () => {
    const { alice, bob, proxy } = await pairWithProxy(server(), {}, { client: '4.0.0' });
    const callId = await talk(alice, bob);
    await lose(bob, alice, proxy);
    const events = await comeBack(bob, proxy);
    assert.deepEqual(
      events.map(({ name }) => name),
      ['callState'],
    );
    const [state] = bob.callState.calls;
    assert.deepEqual([state.callId, state.state], [callId, 'active']);
    await alice.next('peerReconnected');
    await fenceByRelay(alice, bob, callId);
    await fenceByRelay(bob, alice, callId);
    assert.deepEqual(alice.takeNames(), []);
    await hangUp(alice, bob, callId);
    proxy.close();
  });
});

/** A raw connection that asks to resume; the answer to its CONNECT. */
async function resume(server, user, pid, offset) {
  const raw = await RawDevice.open(server);
  raw.send(`40${JSON.stringify({ token: token(user), pid, offset })}`);
  const text = await raw.next((frame) => frame.startsWith('40') || frame.startsWith('44'));
  return { raw, answer: JSON.parse(text.slice(2)) };
}

suite('resuming by hand', { env: noLimits, versions: ['latest'] }, ({ server }) => {
  it('only with the secret, and only one’s own', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    const pid = bob.socket._pid;
    assert.equal(typeof pid, 'string');
    assert.notEqual(pid, bob.socket.id, 'the secret is not what others are shown');
    const eve = newUser('eve');
    for (const [user, secret] of [
      [eve, pid],
      [bob.user, bob.socket.id],
      [bob.user, `${pid}x`],
      [bob.user, pid.slice(1)],
      [bob.user, ''],
      [bob.user, 7],
      [bob.user, null],
      [bob.user, { a: 1 }],
    ]) {
      const { raw, answer } = await resume(server(), user, secret, '0');
      assert.notEqual(answer.sid, bob.socket.id, `${user} with ${JSON.stringify(secret)}`);
      assert.notEqual(answer.pid, pid);
      raw.close();
    }
    await fenceByRelay(alice, bob, callId);
    assert.ok(!bob.takeNames().includes('(disconnect)'));
    await hangUp(alice, bob, callId);
  });

  it('takes the place of a connection that still lives', { timeout: TEST_MS }, async () => {
    const first = await RawDevice.open(server());
    const user = newUser('bob');
    first.send(`40${JSON.stringify({ token: token(user) })}`);
    const { sid, pid } = JSON.parse((await first.next((frame) => frame.startsWith('40'))).slice(2));
    const { raw, answer } = await resume(server(), user, pid, '0');
    assert.equal(answer.sid, sid);
    assert.equal(answer.pid, pid);
    const { code } = await first.end();
    assert.equal(code, 4005);
    await raw.next((frame) => frame.startsWith('42["callState"'));
    raw.close();
  });

  it('with every kind of offset', { timeout: TEST_MS }, async () => {
    for (const offset of ['', 'x', '-1', '1e3', '99999999999999999999999', 0, -1, null, [], {}]) {
      const user = newUser('bob');
      const first = await RawDevice.open(server());
      first.send(`40${JSON.stringify({ token: token(user) })}`);
      const { pid } = JSON.parse((await first.next((frame) => frame.startsWith('40'))).slice(2));
      const { raw, answer } = await resume(server(), user, pid, offset);
      assert.equal(typeof answer.sid, 'string');
      await raw.next((frame) => frame.startsWith('42["callState"'));
      raw.close();
      first.close();
    }
    await proveAlive(server());
  });

  it('after a crash of the server there is nothing to resume', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), {
      reconnection: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 100,
    });
    const callId = await talk(alice, bob);
    assert.equal((await recordOf(server(), bob.user, callId)).status, 'active');
    await server().crash();
    await server().launch();
    for (const device of [alice, bob]) {
      await device.next('(connect)');
      assert.equal(device.socket.recovered, false);
      const { calls } = await device.next('callState');
      assert.deepEqual([calls[0].callId, calls[0].state], [callId, 'active']);
    }
    await fenceByRelay(alice, bob, callId);
    await fenceByRelay(bob, alice, callId);
    await hangUp(alice, bob, callId);
  });
});
