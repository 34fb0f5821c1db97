// What an operator sees of calls: while they live, when they are over, and after a restart.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { behindProxy, returning } from '../lib/blinks.mjs';
import { hangUp, newUser, pair, talk } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { candidate, negotiate, offer } from '../lib/flow.mjs';
import { PlainDevice } from '../lib/plain_device.mjs';
import { ok, refused, request } from '../lib/rest.mjs';
import { assemble, endSession, fenceBySession, idOf, leave } from '../lib/sessions.mjs';
import { bothStores, noLimits, suite, TEST_MS, withServer } from '../lib/suite.mjs';
import { token } from '../lib/token.mjs';
import { eventually } from '../lib/waiting.mjs';

const env = { ...noLimits, ADMIN_USERS: 'ada' };
const ada = 'ada';

const pathOf = (callId) => `/api/ops/calls/${callId}/timeline`;

const timelineOf = async (server, callId) =>
  (await ok(server, ada, 'GET', pathOf(callId))).data;

/** The timeline, once it is that of a call that is over. */
const pastOf = (server, callId) =>
  eventually('the timeline is that of a call that is over', async () => {
    const answer = await request(server, ada, 'GET', pathOf(callId));
    return answer.status === 200 && !answer.body.data.live && answer.body.data;
  });

/** The steps as `what`, with the places of from and to: `offer 0>1`, `drop 1`, `end 0 hangup`. */
const written = ({ steps }) =>
  steps.map(({ what, from, to, reason }) =>
    [what, `${from ?? '-'}${to === null ? '' : `>${to}`}`, reason].filter(Boolean).join(' '),
  );

/** What holds for every timeline. */
function check(timeline, callId, people, { isLive = false } = {}) {
  assert.equal(timeline.callId, callId);
  assert.equal(timeline.live, isLive);
  assert.deepEqual(timeline.people, people);
  assert.equal(timeline.leftOut, 0);
  assert.equal(new Date(timeline.createdAt).toISOString(), timeline.createdAt);
  let last = 0;
  for (const step of timeline.steps) {
    assert.ok(Number.isInteger(step.at) && step.at >= last, JSON.stringify(timeline.steps));
    last = step.at;
    for (const index of [step.from, step.to]) {
      assert.ok(index === null || index in people, JSON.stringify(step));
    }
  }
  const ends = timeline.steps.filter(({ what }) => what === 'end');
  assert.equal(ends.length, isLive ? 0 : 1);
  if (!isLive) assert.equal(timeline.steps.at(-1).what, 'end');
}

suite('timelines', { env, stores: bothStores, versions: ['latest'] }, ({ server }) => {
  const pairs = {
    'Socket.IO': () => pair(server()),
    'plain WebSocket': async () => ({
      alice: await PlainDevice.open(server(), newUser('alice')),
      bob: await PlainDevice.open(server(), newUser('bob')),
    }),
  };
  for (const [wire, open] of Object.entries(pairs)) {
    it(`who sent what to whom, over ${wire}`, { timeout: TEST_MS }, async () => {
      const { alice, bob } = await open();
      const callId = await talk(alice, bob, 'video');
      await negotiate(alice, bob, callId);
      const live = await timelineOf(server(), callId);
      check(live, callId, [alice.user, bob.user], { isLive: true });
      assert.equal(live.status, 'active');
      const expected = ['ring 0>1', 'accept 1', 'offer 0>1', 'answer 1>0'];
      const steps = written(live).map((step) => step.replace('accept 1>0', 'accept 1'));
      assert.deepEqual(
        steps.filter((step) => !step.startsWith('candidates')),
        expected,
      );
      for (const way of [
        [0, 1],
        [1, 0],
      ]) {
        const runs = live.steps.filter(
          ({ what, from, to }) => what === 'candidates' && from === way[0] && to === way[1],
        );
        assert.equal(
          runs.reduce((sum, { n }) => sum + (n ?? 1), 0),
          3,
          JSON.stringify(live.steps),
        );
      }
      await hangUp(bob, alice, callId);
      const past = await pastOf(server(), callId);
      check(past, callId, [alice.user, bob.user]);
      assert.deepEqual([past.kind, past.status, past.reason], ['direct', 'completed', 'hangup']);
      assert.equal(written(past).at(-1), 'end 1 hangup');
      assert.deepEqual(past.steps.slice(0, -1), live.steps);
    });
  }

  it('a loss and a return, and signals after it', { timeout: TEST_MS }, async () => {
    const { proxy, behind } = await behindProxy(server());
    const alice = await Device.open(server(), newUser('alice'));
    const bob = await Device.open(behind, newUser('bob'), returning);
    const callId = await talk(alice, bob);
    await negotiate(alice, bob, callId);
    proxy.cut();
    await alice.next('peerReconnecting');
    proxy.mend();
    await alice.next('peerReconnected');
    bob.emit('sendOffer', { to: alice.user, offer, callId });
    await alice.next('receiveOffer');
    await alice.must('endCall', { callId });
    const past = await pastOf(server(), callId);
    check(past, callId, [alice.user, bob.user]);
    const steps = written(past).filter((step) => !step.startsWith('candidates'));
    const from = steps.findIndex((step) => step.startsWith('drop 1'));
    assert.ok(from > 0, steps.join('\n'));
    assert.deepEqual(
      steps.slice(from).map((step) => step.replace(/^(drop|back) .*/, '$1')),
      ['drop', 'back', 'offer 1>0', 'end 0 hangup'],
    );
  });

  it('a call that was refused has its end alone', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const carol = await Device.open(server(), newUser('carol'));
    await talk(alice, bob);
    carol.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
    await carol.next('callRejected');
    const { data } = await ok(server(), carol.user, 'GET', '/api/calls/history');
    const past = await pastOf(server(), data[0]._id);
    check(past, data[0]._id, [carol.user, bob.user]);
    assert.deepEqual(
      past.steps.map(({ what, reason }) => [what, reason]),
      [['end', 'busy']],
    );
  });

  it('a session of three', { timeout: TEST_MS }, async () => {
    const devices = [];
    for (const name of ['ann', 'ben', 'cleo']) {
      devices.push(await Device.open(server(), newUser(name)));
    }
    const [ann, ben, cleo] = devices;
    const { sessionId } = await assemble(server(), devices);
    await ann.must('webrtc_offer', { sessionId, targetSocketId: idOf(ben), offer });
    await ben.next('webrtc_offer');
    await fenceBySession(cleo, ann, sessionId);
    await leave(cleo, sessionId);
    await endSession(server(), ann, sessionId);
    const past = await pastOf(server(), sessionId);
    check(past, sessionId, [ann.user, ben.user, cleo.user]);
    assert.equal(past.kind, 'session');
    const steps = written(past);
    for (const one of ['ring 0>1', 'ring 0>2', 'offer 0>1', 'candidates 2>0', 'end 0 hangup']) {
      assert.equal(steps.filter((step) => step === one).length, 1, `${one}\n${steps.join('\n')}`);
    }
    assert.deepEqual(
      [0, 1, 2].map((n) => steps.filter((step) => step.startsWith(`join ${n}`)).length),
      [1, 1, 1],
    );
    assert.equal(steps.filter((step) => step.startsWith('leave 2')).length, 1);
  });

  it('the lists have the call while it lives and after', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    const lists = async (query = '') =>
      (await ok(server(), ada, 'GET', `/api/ops/calls${query}`)).data;
    const find = (cards) => cards.find((card) => card.callId === callId);
    const live = await lists();
    const card = find(live.live);
    assert.ok(card, JSON.stringify(live));
    assert.ok(live.liveInAll >= 1);
    assert.deepEqual(
      [card.kind, card.state, card.in, card.away, card.people.map(({ userId }) => userId)],
      ['direct', 'active', 2, 0, [alice.user, bob.user]],
    );
    await hangUp(alice, bob, callId);
    const ended = await eventually('it is among those that ended', async () =>
      find((await lists()).ended),
    );
    assert.deepEqual([ended.state, ended.status, ended.reason], ['ended', 'completed', 'hangup']);
    assert.equal(find((await lists()).live), undefined);
    const own = await lists(`?user=${bob.user}`);
    assert.deepEqual(
      own.ended.map((one) => one.callId),
      [callId],
    );
    assert.deepEqual(own.live, []);
  });

  it('only administrators may look', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    for (const path of ['/api/ops/overview', '/api/ops/calls', pathOf(callId)]) {
      await refused(server(), alice.user, 'GET', path, undefined, 403, 'not_authorized');
      await refused(server(), null, 'GET', path, undefined, 401, 'unauthorized');
      const admin = { token: token(newUser('admin'), { role: 'admin' }) };
      await ok(server(), admin, 'GET', path);
    }
    for (const id of ['65f1c0ffee65f1c0ffee65f1', 'no-such-call']) {
      await refused(server(), ada, 'GET', pathOf(id), undefined, 404, 'call_not_found');
    }
    await alice.must('endCall', { callId });
  });

  it('the figures of the last seconds', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    alice.emit('sendIceCandidate', { to: bob.user, callId, candidate: candidate(1) });
    await bob.next('receiveIceCandidate');
    const overview = async (since) =>
      (await ok(server(), ada, 'GET', `/api/ops/overview?since=${since}`)).data;
    const first = await overview(0);
    assert.ok(first.now.devices >= 2 && first.now.active >= 1, JSON.stringify(first.now));
    const next = await eventually('two more seconds', async () => {
      const later = await overview(first.beat);
      return later.beat >= first.beat + 2 && later;
    });
    const names = Object.keys(next.series).filter((name) => name !== 'at');
    for (const name of names) {
      assert.equal(next.series[name].length, next.series.at.length, name);
      assert.ok(name in next.now, name);
    }
    assert.equal(next.series.at.length, next.beat - first.beat);
    const all = await overview(0);
    assert.ok(all.series.relaysPerS.some((rate) => rate > 0));
    await alice.must('endCall', { callId });
  });
});

for (const store of bothStores) {
  const skip = store === 'postgres' && !process.env.CARILLON_TEST_POSTGRES;
  it(
    `a restart keeps what was, and goes on with what lives (${store})`,
    { timeout: 2 * TEST_MS, skip },
    withServer(store, env, async (server) => {
      const { alice, bob } = await pair(server);
      const over = await talk(alice, bob);
      await negotiate(alice, bob, over);
      await hangUp(alice, bob, over);
      const before = await pastOf(server, over);
      const callId = await talk(alice, bob);
      await server.terminate();
      await closeAll();
      await server.launch();
      // Read from the store now.
      assert.deepEqual(await pastOf(server, over), before);
      const again = await Device.open(server, alice.user);
      await Device.open(server, bob.user);
      await again.must('endCall', { callId });
      const past = await pastOf(server, callId);
      check(past, callId, [alice.user, bob.user]);
      const whats = past.steps.map(({ what }) => what);
      assert.deepEqual(whats.slice(0, 3), ['ring', 'accept', 'restored']);
    }),
  );
}
