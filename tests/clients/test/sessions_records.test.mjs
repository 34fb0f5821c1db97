// What stays of sessions: the history, how good they were, and how much somebody used them.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser, pair, talk } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { ok } from '../lib/rest.mjs';
import {
  assemble,
  BASE,
  crowd,
  details,
  endSession,
  enter,
  initiate,
  leave,
  nextOf,
  pageOf,
  personIn,
  refusedEvent,
  refusedOf,
} from '../lib/sessions.mjs';
import { bothStores, noLimits, suite, TEST_MS } from '../lib/suite.mjs';
import { eventually } from '../lib/waiting.mjs';

const both = { stores: bothStores, env: noLimits, versions: ['latest'] };

const about = (number, expected, slack = 0.005) =>
  assert.ok(Math.abs(number - expected) <= slack, `${number} is not about ${expected}`);

suite('the history of sessions', both, ({ server }) => {
  it('has pages, and those of one status', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await crowd(server(), 2);
    const ids = { waiting: [], active: [], ended: [] };
    for (let n = 0; n < 4; ++n) {
      const { sessionId } = await initiate(server(), n % 2 ? alice : bob, [n % 2 ? bob : alice]);
      await endSession(server(), n % 2 ? alice : bob, sessionId);
      ids.ended.unshift(sessionId);
    }
    ids.active.push((await assemble(server(), [alice, bob])).sessionId);
    ids.waiting.push((await initiate(server(), alice, [bob])).sessionId);
    const all = [...ids.waiting, ...ids.active, ...ids.ended];
    for (const who of [alice, bob]) {
      const idsAt = async (query) => {
        const { sessions, pagination } = await pageOf(server(), who, query);
        return { ids: sessions.map(({ sessionId }) => sessionId), pagination };
      };
      const pages = (page, limit, total) => {
        return { page, limit, total, pages: Math.ceil(total / limit) };
      };
      assert.deepEqual(await idsAt(''), { ids: all, pagination: pages(1, 20, 6) });
      for (const page of [1, 2, 3, 4]) {
        assert.deepEqual(await idsAt(`?page=${page}&limit=2`), {
          ids: all.slice(2 * page - 2, 2 * page),
          pagination: pages(page, 2, 6),
        });
      }
      for (const [status, expected] of Object.entries(ids)) {
        const got = await idsAt(`?status=${status}`);
        assert.deepEqual(got, { ids: expected, pagination: pages(1, 20, expected.length) });
      }
      const second = await idsAt('?status=ended&limit=3&page=2');
      assert.deepEqual(second, { ids: ids.ended.slice(3), pagination: pages(2, 3, 4) });
    }
    const nobody = await pageOf(server(), newUser('nobody'));
    assert.deepEqual(nobody, {
      sessions: [],
      pagination: { page: 1, limit: 20, total: 0, pages: 0 },
    });
  });

  it('refuses what it cannot be asked', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    for (const query of [
      'page=0',
      'page=-1',
      'page=x',
      'limit=0',
      'limit=101',
      'limit=1.5',
      'status=missed',
      'status=',
    ]) {
      const path = `/history?${query}`;
      const answer = await refusedOf(server(), user, 'GET', path, undefined, 400, 'invalid_query');
      assert.ok(answer.message.includes(query.split('=')[0]), answer.message);
    }
    for (const query of ['days=0', 'days=367', 'days=x']) {
      const path = `/analytics?${query}`;
      const answer = await refusedOf(server(), user, 'GET', path, undefined, 400, 'invalid_query');
      assert.ok(answer.message.includes('days'), answer.message);
    }
    const session = '/session/call_1234567890123_abcdef123';
    for (const [method, path] of [
      ['GET', '/history'],
      ['GET', '/analytics'],
      ['GET', session],
      ['PUT', `${session}/media`],
      ['POST', `${session}/end`],
      ['POST', '/join/call_1234567890123_abcdef123'],
    ]) {
      await refusedOf(server(), null, method, path, undefined, 401, 'unauthorized');
    }
    const code = 'session_not_found';
    await refusedOf(server(), user, 'GET', session, undefined, 404, code);
  });
});

suite('quality reports', both, ({ server }) => {
  it('are kept, and summed up for each participant', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await crowd(server(), 3);
    const { sessionId } = await assemble(server(), [alice, bob, carol]);
    const nothing = {
      samples: 0,
      connectionTimeMs: null,
      rttMs: null,
      jitterMs: null,
      packetLoss: null,
      bitrateKbps: null,
      mos: null,
    };
    let session = await details(server(), alice, sessionId);
    for (const who of [alice, bob, carol]) {
      assert.deepEqual(personIn(session, who).quality, nothing);
    }
    assert.deepEqual(session.quality, nothing);

    const good = { rttMs: 100, jitterMs: 10, packetLoss: 0, bitrateKbps: 512.5 };
    await alice.must('quality_report', { sessionId, ...good, connectionTimeMs: 340 });
    const poor = { rttMs: 300, jitterMs: 30, packetLoss: 2, audioLevel: 0.5, videoFps: 24 };
    await bob.must('quality_report', { sessionId, ...poor, resolution: '1280x720' });
    // Without loss there is no score.
    await carol.must('quality_report', { sessionId, rttMs: 50 });
    session = await details(server(), carol, sessionId);
    const [a, b, c] = [alice, bob, carol].map((who) => personIn(session, who).quality);
    about(a.mos, 4.36);
    assert.deepEqual(a, { ...nothing, samples: 1, connectionTimeMs: 340, ...good, mos: a.mos });
    about(b.mos, 3.82);
    const { rttMs, jitterMs, packetLoss } = poor;
    assert.deepEqual(b, { ...nothing, samples: 1, rttMs, jitterMs, packetLoss, mos: b.mos });
    assert.deepEqual(c, { ...nothing, samples: 1, rttMs: 50 });
    // Over all samples, each figure over those that have it.
    assert.equal(session.quality.samples, 3);
    about(session.quality.rttMs, 150);
    about(session.quality.packetLoss, 1);
    about(session.quality.mos, (a.mos + b.mos) / 2, 0.011);
    assert.equal(session.quality.connectionTimeMs, 340);

    await refusedEvent(alice, 'quality_report', { sessionId, ...good }, 'rate_limited');
    // They stay when the session is over, in its details alone.
    await endSession(server(), alice, sessionId);
    const ended = await details(server(), bob, sessionId);
    assert.deepEqual(ended.quality, session.quality);
    const [listed] = (await pageOf(server(), bob)).sessions;
    assert.ok(listed.participants.every((person) => !('quality' in person)));
  });

  it('come from those inside, and make sense', { timeout: TEST_MS }, async () => {
    const [alice, bob, mallory] = await crowd(server(), 3);
    const { sessionId } = await initiate(server(), alice, [bob]);
    await enter(alice, sessionId);
    for (const bad of [
      {},
      { rttMs: 'x' },
      { rttMs: -1 },
      { packetLoss: 101 },
      { packetLoss: -0.1 },
      { audioLevel: 2 },
      { resolution: 'x'.repeat(33) },
      { jitterMs: null },
    ]) {
      await refusedEvent(alice, 'quality_report', { sessionId, ...bad }, 'invalid_field');
    }
    for (const who of [bob, mallory]) {
      await refusedEvent(who, 'quality_report', { sessionId, rttMs: 1 }, 'not_authorized');
    }
    const unknown = { sessionId: 'call_1234567890123_abcdef123', rttMs: 1 };
    await refusedEvent(alice, 'quality_report', unknown, 'session_not_found');
    assert.equal((await details(server(), alice, sessionId)).quality.samples, 0);
    // `callId` names calls of all kinds, as in `callState`.
    await alice.must('quality_report', { callId: sessionId, rttMs: 1 });
    assert.equal((await details(server(), alice, sessionId)).quality.samples, 1);
  });

  it('are taken of direct calls as well', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    await alice.must('quality_report', { callId, rttMs: 100, jitterMs: 10, packetLoss: 0 });
    await bob.must('quality_report', { callId, rttMs: 100, jitterMs: 10, packetLoss: 0 });
    const ack = await alice.ask('quality_report', { callId, rttMs: 100 });
    assert.deepEqual([ack.ok, ack.code], [false, 'rate_limited']);
    for (const bad of [{ rttMs: -1 }, {}]) {
      const refused = await alice.ask('quality_report', { callId, ...bad });
      assert.deepEqual([refused.code, refused.callId], ['invalid_field', callId]);
      const told = await alice.next('callError', ({ code }) => code === 'invalid_field');
      assert.deepEqual([told.error, told.callId], [refused.error, callId]);
    }
    const asSession = { sessionId: callId, rttMs: 1 };
    await refusedEvent(alice, 'quality_report', asSession, 'session_not_found');
    const mallory = await Device.open(server(), newUser('mallory'));
    const other = await mallory.ask('quality_report', { callId, rttMs: 100 });
    assert.deepEqual([other.ok, other.code], [false, 'not_authorized']);
    await alice.must('endCall', { callId });
    const late = await bob.ask('quality_report', { callId, rttMs: 100 });
    assert.deepEqual([late.ok, late.code], [false, 'call_not_found']);
  });
});

suite(
  'usage',
  { ...both, env: { ...noLimits, RECONNECT_GRACE_SECONDS: '1', RING_TIMEOUT_SECONDS: '2' } },
  ({ server }) => {
    it('is counted for the asking user', { timeout: TEST_MS }, async () => {
      const [alice, bob] = await crowd(server(), 2);
      const usage = async (who, query = '') =>
        (await ok(server(), who.user, 'GET', `${BASE}/analytics${query}`)).data;
      const none = await usage(alice);
      assert.equal(Date.parse(none.period.to) - Date.parse(none.period.from), 30 * 86400000);
      assert.deepEqual(none.sessions.total, 0);
      assert.deepEqual(none.peakHours, []);
      assert.equal(none.errors.rate, 0);
      assert.equal(none.quality.mos, null);

      // One that goes well, and lasts; Alice shares, Bob only looks.
      const first = await assemble(server(), [alice, bob], {
        sessionType: 'one-to-one',
        callSettings: { isVideoEnabled: false },
      });
      const { sessionId } = first;
      await alice.must('media_state_changed', { sessionId, isScreenSharing: true });
      const sample = { rttMs: 100, jitterMs: 10, packetLoss: 0 };
      await alice.must('quality_report', { sessionId, ...sample });
      await eventually('a second has passed', async () => {
        const session = await details(server(), alice, sessionId);
        return personIn(session, bob).duration >= 1;
      });
      await leave(alice, sessionId);
      await leave(bob, sessionId);
      await nextOf(alice, sessionId, 'call_session_ended');
      // One that nobody joined.
      const second = await initiate(server(), alice, [bob]);
      await nextOf(alice, second.sessionId, 'call_session_ended');
      // One that Alice drops out of.
      const third = await assemble(server(), [alice, bob]);
      alice.drop();
      await nextOf(bob, third.sessionId, 'user_left_call');
      await leave(bob, third.sessionId);

      const { duration } = await details(server(), alice, sessionId);
      const lasting = (await details(server(), alice, third.sessionId)).duration;
      const got = await usage(alice, '?days=1');
      assert.equal(Date.parse(got.period.to) - Date.parse(got.period.from), 86400000);
      assert.equal(got.sessions.total, 3);
      assert.equal(got.sessions.joined, 2);
      const { group = 0, therapy = 0, 'one-to-one': two = 0 } = got.sessions.byType;
      assert.deepEqual([two, group, therapy], [1, 2, 0]);
      const { waiting = 0, active = 0, ended = 0 } = got.sessions.byStatus;
      assert.deepEqual([waiting, active, ended], [0, 0, 3]);
      assert.equal(got.features.video, 1);
      assert.equal(got.features.audio, 2);
      assert.equal(got.features.screenShare, 1);
      about(got.quality.mos, 4.36);
      assert.equal(got.errors.connectionLost, 1);
      assert.equal(got.errors.neverJoined, 1);
      about(got.errors.rate, 2 / 3, 0.001);
      assert.equal(
        got.peakHours.reduce((sum, { sessions }) => sum + sessions, 0),
        3,
      );
      for (const { hour } of got.peakHours) assert.ok(Number.isInteger(hour) && hour < 24);
      const { totalSeconds, averageSeconds, longestSeconds } = got.duration;
      assert.equal(totalSeconds, duration + lasting);
      assert.equal(longestSeconds, Math.max(duration, lasting));
      about(averageSeconds, totalSeconds / 2, 0.01);
      const other = await usage(bob);
      assert.equal(other.errors.connectionLost, 0);
      assert.equal(other.features.screenShare, 0);
      assert.equal(other.quality.mos, null);
    });
  },
);
