// A network that blinks: the client comes back, has what it missed, and nobody's call suffers.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { candidates, pairWithProxy, returning, upTo } from '../lib/blinks.mjs';
import { fenceByRelay, hangUp, ring, talk } from '../lib/calls.mjs';
import { noLimits, suite, TEST_MS } from '../lib/suite.mjs';

/** Takes Bob's network away, does `meanwhile`, gives it back, and waits until he is connected. */
async function away(bob, proxy, meanwhile = async () => undefined) {
  const before = bob.socket.id;
  proxy.cut();
  await bob.next('(disconnect)');
  const from = bob.events.length;
  await meanwhile();
  proxy.mend();
  const id = await bob.next('(connect)');
  const callState = await bob.next('callState');
  const events = bob.events.slice(from).filter(({ name }) => name !== '(connect_error)');
  const until = events.findIndex(({ name }) => name === 'callState');
  return {
    same: id === before,
    recovered: bob.socket.recovered,
    callState,
    missed: events.slice(0, until).filter(({ name }) => !name.startsWith('(')),
  };
}

for (const transports of [['websocket'], ['polling'], undefined]) {
  const way = transports ? `${transports} only` : 'default transports';
  suite(`a blink, ${way}`, { env: noLimits, versions: ['latest'] }, ({ server }) => {
    const options = { transports };
    const open = () => pairWithProxy(server(), options, { ...returning, ...options });

    it('while nothing happens', { timeout: TEST_MS }, async () => {
      const { bob, proxy } = await open();
      const back = await away(bob, proxy);
      assert.deepEqual(back, { same: true, recovered: true, callState: { calls: [] }, missed: [] });
      proxy.close();
    });

    it('while it rings: the call that came meanwhile', { timeout: TEST_MS }, async () => {
      const { alice, bob, proxy } = await open();
      const callId = await ring(alice, bob);
      const back = await away(bob, proxy);
      assert.equal(back.recovered, true);
      assert.ok(back.same);
      assert.deepEqual(back.missed, []);
      assert.equal(back.callState.calls[0].callId, callId);
      assert.equal(back.callState.calls[0].state, 'ringing');
      bob.emit('acceptCall', { callId });
      await bob.next('callAcceptedConfirm');
      await alice.next('callAccepted');
      await fenceByRelay(alice, bob, callId);
      await fenceByRelay(bob, alice, callId);
      assert.deepEqual([...alice.takeNames(), ...bob.takeNames()].filter(plain), []);
      await hangUp(bob, alice, callId);
      proxy.close();
    });

    it('while it rings: the caller hangs up meanwhile', { timeout: TEST_MS }, async () => {
      const { alice, bob, proxy } = await open();
      const callId = await ring(alice, bob);
      const back = await away(bob, proxy, () => alice.must('endCall', { callId }));
      assert.equal(back.recovered, true);
      assert.deepEqual(back.callState, { calls: [] });
      assert.equal(back.missed.length, 1);
      assert.equal(back.missed[0].name, 'callEnded');
      assert.equal(back.missed[0].data.reason, 'cancelled');
      proxy.close();
    });

    it(
      'of the caller while it rings: the accept came meanwhile',
      { timeout: TEST_MS },
      async () => {
        const { alice, bob, proxy } = await open();
        const callId = await ring(bob, alice);
        const back = await away(bob, proxy, async () => {
          await alice.must('acceptCall', { callId });
          await alice.next('callAcceptedConfirm');
          alice.emit('sendIceCandidate', { to: bob.user, callId, candidate: { n: 0 } });
          await alice.ask('no such event'); // what was sent before has been taken
        });
        assert.equal(back.recovered, true);
        assert.deepEqual(
          back.missed.map(({ name }) => name),
          ['callAccepted', 'receiveIceCandidate'],
        );
        assert.equal(back.callState.calls[0].state, 'active');
        await fenceByRelay(bob, alice, callId);
        await hangUp(bob, alice, callId);
        proxy.close();
      },
    );

    it('in a call: what was sent meanwhile, in order, once', { timeout: TEST_MS }, async () => {
      const { alice, bob, proxy } = await open();
      const callId = await talk(alice, bob);
      const common = { to: bob.user, callId };
      for (let n = 0; n < 20; ++n) alice.emit('sendIceCandidate', { ...common, candidate: { n } });
      await bob.next('receiveIceCandidate', (data) => data.candidate.n === 19);
      alice.forget();
      const back = await away(bob, proxy, async () => {
        // Nothing tells the server of a loss between two polls.
        if (bob.transport !== 'polling') await alice.next('peerReconnecting');
        for (let n = 20; n < 120; ++n) {
          await alice.must('sendIceCandidate', { ...common, candidate: { n } });
        }
      });
      assert.equal(back.recovered, true);
      assert.ok(back.same);
      assert.deepEqual(candidates(back.missed), upTo(120).slice(20));
      assert.deepEqual(back.missed.length, 100);
      assert.equal(back.callState.calls[0].state, 'active');
      await fenceByRelay(alice, bob, callId);
      await fenceByRelay(bob, alice, callId);
      const told = alice.takeNames().join();
      const all = transports?.[0] === 'polling' ? ['', 'peerReconnecting,peerReconnected'] : [];
      assert.ok([...all, 'peerReconnected'].includes(told), told);
      assert.deepEqual(candidates(bob.events).slice(0, -1), upTo(120));
      await hangUp(alice, bob, callId);
      proxy.close();
    });

    it('in a call, again and again, while messages flow', { timeout: TEST_MS }, async () => {
      const { alice, bob, proxy } = await open();
      const callId = await talk(alice, bob);
      const common = { to: bob.user, callId };
      let n = 0;
      const flow = setInterval(() => {
        alice.emit('sendIceCandidate', { ...common, candidate: { n } });
        ++n;
      }, 5);
      try {
        // Each new connection is on the next I/O thread.
        for (let i = 0; i < 6; ++i) {
          proxy.cut();
          await bob.next('(disconnect)');
          proxy.mend();
          await bob.next('(connect)');
          await bob.next('callState');
          assert.equal(bob.socket.recovered, true, bob.describe());
          const sent = n;
          await bob.next('receiveIceCandidate', (data) => data.candidate.n >= sent);
        }
      } finally {
        clearInterval(flow);
      }
      await alice.must('sendIceCandidate', { ...common, candidate: { n } });
      await bob.next('receiveIceCandidate', (data) => data.candidate.n === n);
      assert.deepEqual(candidates(bob.events), upTo(n + 1));
      proxy.close();
    });
  });
}

/** Names of events of calls, not of the connection. */
function plain(name) {
  return !name.startsWith('(');
}
