// What the participants of a call measured: taken over REST and by socket, and told for the call
// and for each of them.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hangUp, newUser, pair, ring, talk } from '../lib/calls.mjs';
import { ask, knownUsers, must, refusedOf } from '../lib/chat.mjs';
import { Device } from '../lib/device.mjs';
import { assemble, crowd, endSession, initiate } from '../lib/sessions.mjs';
import { bothStores, noLimits, suite, TEST_MS } from '../lib/suite.mjs';
import { begin, setStatus } from '../lib/video.mjs';

const admin = newUser('admin');
const env = { ...noLimits, ADMIN_USERS: admin };

const good = { rttMs: 40, jitterMs: 5, packetLoss: 0.5, bitrateKbps: 900 };
const poor = { rttMs: 600, jitterMs: 80, packetLoss: 12, bitrateKbps: 60.5 };

/** The documented figure of one sample: the E-model of ITU-T G.107. */
function mosOf({ rttMs, jitterMs, packetLoss }) {
  const delay = rttMs / 2 + 2 * jitterMs + 20;
  const late = Math.max(0, delay - 177.3);
  const rating = Math.max(
    0,
    93.2 - (0.024 * delay + 0.11 * late) - (95 * packetLoss) / (packetLoss + 25.1),
  );
  return Math.max(1, 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating));
}

const figures = [
  'rttMs',
  'jitterMs',
  'packetLoss',
  'bitrateKbps',
  'audioLevel',
  'videoFps',
  'connectionTimeMs',
];

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The part of an answer that these samples have to give. */
function check(part, samples) {
  assert.equal(part.samples, samples.length);
  assert.deepEqual(Object.keys(part.averages), figures);
  for (const name of figures) {
    const values = samples.map((sample) => sample[name]).filter((value) => value !== undefined);
    near(part.averages[name], values.length ? mean(values) : null, name);
  }
  const rated = samples.filter(
    ({ rttMs, packetLoss }) => rttMs !== undefined && packetLoss !== undefined,
  );
  near(
    part.mos,
    rated.length ? mean(rated.map((each) => mosOf({ jitterMs: 0, ...each }))) : null,
    'mos',
  );
}

/** Figures are told with two decimals. */
function near(actual, expected, name) {
  if (expected === null) assert.equal(actual, null, name);
  else assert.ok(Math.abs(actual - expected) <= 0.006, `${name}: ${actual}, not ${expected}`);
}

/** The whole answer about a call whose people, in order, sent these samples. */
function checkQuality(quality, callId, people) {
  assert.deepEqual(Object.keys(quality), ['callId', 'summary', 'participants']);
  assert.equal(quality.callId, callId);
  assert.deepEqual(Object.keys(quality.summary), ['samples', 'averages', 'mos']);
  check(
    quality.summary,
    people.flatMap(([, samples]) => samples),
  );
  assert.deepEqual(
    quality.participants.map(({ userId }) => userId),
    people.map(([user]) => user),
  );
  for (const [n, [user, samples]] of people.entries()) {
    const person = quality.participants[n];
    const names = ['userId', 'username', 'samples', 'averages', 'mos'];
    assert.deepEqual(Object.keys(person), names);
    assert.equal(person.username, user);
    check(person, samples);
  }
}

const pathOf = (callId) => `/call/quality/${encodeURIComponent(callId)}`;

const options = { stores: bothStores, env, versions: ['latest'] };

suite('quality', options, ({ server }) => {
  const qualityOf = (who, callId) => must(server(), who, 'GET', pathOf(callId));
  const report = (who, callId, sample) => must(server(), who, 'POST', pathOf(callId), sample);
  const refusedReport = (who, callId, sample, status, code) =>
    refusedOf(server(), who, 'POST', pathOf(callId), sample, status, code);

  it('of a direct call, both ends joined', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await ring(alice, bob);
    checkQuality(await qualityOf(bob, callId), callId, [
      [alice.user, []],
      [bob.user, []],
    ]);
    await bob.must('acceptCall', { callId });
    await alice.next('callAccepted');
    const more = {
      audioLevel: 0.25,
      videoFps: 29.5,
      resolution: '1280x720',
      connectionTimeMs: 310,
    };
    const first = { ...good, ...more };
    checkQuality(await report(alice, callId, first), callId, [
      [alice.user, [first]],
      [bob.user, []],
    ]);
    await bob.must('quality_report', { callId, ...poor });
    const people = [
      [alice.user, [first]],
      [bob.user, [poor]],
    ];
    checkQuality(await qualityOf(alice, callId), callId, people);
    const { summary, participants } = await qualityOf(bob, callId);
    assert.ok(participants[0].mos > 4 && participants[1].mos < 2, JSON.stringify(participants));
    near(summary.mos, mean(participants.map(({ mos }) => mos)), 'mos');

    // Too soon for both, through either door.
    const { headers } = await ask(server(), alice, 'POST', pathOf(callId), good);
    assert.match(headers.get('retry-after') ?? '(none)', /^[1-5]$/);
    await refusedReport(alice, callId, good, 429, 'rate_limited');
    await refusedReport(bob, callId, good, 429, 'rate_limited');
    assert.equal((await alice.ask('quality_report', { callId, ...good })).code, 'rate_limited');

    await hangUp(alice, bob, callId);
    await refusedReport(alice, callId, good, 404, 'call_not_found');
    for (const who of [alice, bob, admin])
      checkQuality(await qualityOf(who, callId), callId, people);
  });

  it('of a session, for all who are named', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol, late] = await crowd(server(), 4);
    const { sessionId } = await assemble(server(), [alice, bob, carol]);
    const samples = [good, { rttMs: 100, packetLoss: 2 }, poor];
    await report(alice, sessionId, samples[0]);
    await bob.must('quality_report', { sessionId, ...samples[1] });
    await report(carol, sessionId, samples[2]);
    const people = [alice, bob, carol].map(({ user }, n) => [user, [samples[n]]]);
    checkQuality(await qualityOf(bob, sessionId), sessionId, people);

    // Who is named and not in measures nothing, but may look.
    const other = await initiate(server(), alice, [late]);
    await refusedReport(late, other.sessionId, good, 403, 'not_authorized');
    checkQuality(await qualityOf(late, other.sessionId), other.sessionId, [
      [alice.user, []],
      [late.user, []],
    ]);
    await endSession(server(), alice, sessionId);
    checkQuality(await qualityOf(carol, sessionId), sessionId, people);
    await refusedReport(bob, sessionId, good, 404, 'call_not_found');
  });

  it('of a video call, under the id that its clients know', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const callId = await begin(server(), [alice, bob]);
    const people = [
      [alice, [good]],
      [bob, []],
    ];
    checkQuality(await report(alice, callId, good), callId, people);
    await setStatus(server(), alice, callId, 'ended');
    checkQuality(await qualityOf(bob, callId), callId, people);
  });

  it('is of those in the call, and of good figures', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    const [eve] = await knownUsers(server(), 'eve');
    await refusedReport(eve, callId, good, 403, 'not_authorized');
    await refusedOf(server(), eve, 'GET', pathOf(callId), undefined, 403, 'not_authorized');
    for (const id of [newUser('nowhere'), ' ', 'x'.repeat(200)]) {
      await refusedReport(alice, id, good, 404, 'call_not_found');
      await refusedOf(server(), alice, 'GET', pathOf(id), undefined, 404, 'call_not_found');
    }
    for (const name of ['rttMs', 'jitterMs', 'packetLoss', 'bitrateKbps']) {
      for (const value of [undefined, null, -1, 1e12, '40', [], true]) {
        const sample = { ...good, [name]: value };
        const { message } = await refusedReport(alice, callId, sample, 400, 'invalid_field');
        assert.ok(message.includes(name), message);
      }
    }
    for (const bad of [
      { packetLoss: 100.5 },
      { audioLevel: 2 },
      { audioLevel: 'loud' },
      { videoFps: -1 },
      { resolution: 7 },
      { resolution: 'x'.repeat(33) },
      { connectionTimeMs: {} },
    ]) {
      await refusedReport(alice, callId, { ...good, ...bad }, 400, 'invalid_field');
    }
    // None of these counted as a sample, so that a good one is not too soon.
    checkQuality(await report(alice, callId, good), callId, [
      [alice.user, [good]],
      [bob.user, []],
    ]);
  });

  it('comes from the leg that is in, on a device too', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const second = await Device.open(server(), bob.user);
    const callId = await talk(alice, bob);
    await report(second, callId, poor);
    checkQuality(await qualityOf(bob, callId), callId, [
      [alice.user, []],
      [bob.user, [poor]],
    ]);
  });
});
