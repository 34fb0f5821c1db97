// History, active calls and statistics of video calls.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { quoted, rows } from '../lib/rows.mjs';
import { bothStores, suite, TEST_MS } from '../lib/suite.mjs';
import {
  activeOf,
  begin,
  create,
  historyOf,
  join,
  knownUsers,
  leave,
  must,
  newCall,
  noLimits,
  refused,
  setStatus,
} from '../lib/video.mjs';

const both = { stores: bothStores, env: noLimits, versions: ['latest'] };

suite('lists of video calls', both, ({ server }) => {
  it('have pages, the latest join first', { timeout: TEST_MS }, async () => {
    const alice = newUser('alice');
    const ids = [];
    for (let n = 0; n < 7; ++n) {
      const callId = newCall();
      await create(server(), alice, callId);
      await join(server(), alice, callId);
      ids.unshift(callId);
    }
    const idsAt = async (query) => (await historyOf(server(), alice, query)).map((c) => c.call_id);
    assert.deepEqual(await idsAt(''), ids);
    for (let offset = 0; offset < 9; ++offset) {
      assert.deepEqual(await idsAt(`?limit=3&offset=${offset}`), ids.slice(offset, offset + 3));
    }
    assert.deepEqual(await idsAt('?offset=1000000'), []);
    const page = await must(server(), alice, 'GET', '/calls/history?limit=100&offset=2');
    assert.deepEqual([page.limit, page.offset, page.calls.length], [100, 2, 5]);
    // Joining again does not move it: the first join is what counts.
    await join(server(), alice, ids[6]);
    assert.deepEqual(await idsAt(''), ids);
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=x',
      'limit=1.5',
      'offset=-1',
      'offset=1000001',
      'offset=x',
    ]) {
      const path = `/calls/history?${query}`;
      const error = 'Invalid query parameter';
      const answer = await refused(server(), alice, 'GET', path, undefined, 400, error);
      assert.ok(answer.message.includes(query.split('=')[0]), answer.message);
    }
  });

  it('active: made or entered by the user, each once', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await knownUsers(server(), 'alice', 'bob', 'carol');
    const made = newCall('made'); // by Alice, who is not in
    await create(server(), alice, made, [bob]);
    await setStatus(server(), alice, made, 'active');
    await join(server(), bob, made);
    const entered = await begin(server(), [bob, alice, carol]);
    const own = await begin(server(), [alice, bob]);
    await create(server(), alice, newCall('idle'), [bob]); // not active
    const over = await begin(server(), [alice, bob]);
    await setStatus(server(), alice, over, 'ended');
    await leave(server(), carol, entered);
    const idsOf = async (who) => (await activeOf(server(), who)).map((call) => call.call_id);
    assert.deepEqual(await idsOf(alice), [own, entered, made]);
    assert.deepEqual(await idsOf(bob), [own, entered, made]);
    assert.deepEqual(await idsOf(carol), []);
    const [, second, third] = await activeOf(server(), alice);
    assert.deepEqual(
      second.video_call_participants.map((each) => [each.user_id, each.left_at === null]),
      [
        [bob, true],
        [alice, true],
        [carol, false],
      ],
    );
    assert.equal(second.active_participants_count, 2);
    assert.equal(third.active_participants_count, 1);
    await leave(server(), bob, made);
    assert.deepEqual(await idsOf(alice), [own, entered]);
  });

  it('statistics are those of the documented queries', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const empty = {
      total_calls: 0,
      active_calls: 0,
      avg_duration: null,
      total_duration: 0,
      popular_times: [],
    };
    assert.deepEqual(await must(server(), alice, 'GET', '/calls/stats'), empty);
    const ids = [];
    for (let n = 0; n < 5; ++n) {
      ids.push(n < 4 ? await begin(server(), [alice, bob]) : newCall());
    }
    await create(server(), alice, ids[4]);
    for (const callId of ids.slice(0, 3)) await setStatus(server(), alice, callId, 'ended');
    // Longer ones, at certain hours: the rows are what counts.
    const hours = [3, 17, 17, 23];
    for (const [n, hour] of hours.entries()) {
      const at = Date.UTC(2026, 0, 2 + n, hour, 59, 59, 999);
      const started = server().database ? `to_timestamp(${at / 1000})` : at;
      const duration = n < 3 ? `, duration_seconds = ${100 * (n + 1)}` : '';
      const set = `started_at = ${started}${duration}`;
      const where = `WHERE call_id = ${quoted(ids[n])} RETURNING id`;
      await rows(server(), `UPDATE video_calls SET ${set} ${where}`);
    }
    assert.deepEqual(await must(server(), alice, 'GET', '/calls/stats'), {
      total_calls: 5,
      active_calls: 1,
      avg_duration: 200,
      total_duration: 600,
      popular_times: [
        { hour_of_day: 17, call_count: 2 },
        { hour_of_day: 3, call_count: 1 },
        { hour_of_day: 23, call_count: 1 },
      ],
    });
    // Bob made none.
    assert.deepEqual(await must(server(), bob, 'GET', '/calls/stats'), empty);
    if (!server().database) return;
    const [documented] = await rows(
      server(),
      `SELECT count(*) AS total_calls,
         count(CASE WHEN status = 'active' THEN 1 END) AS active_calls, avg(duration_seconds) AS avg_duration, sum(duration_seconds) AS total_duration
       FROM video_calls WHERE created_by = ${quoted(alice)}`,
    );
    const { popular_times: _, ...stats } = await must(server(), alice, 'GET', '/calls/stats');
    assert.deepEqual(stats, documented);
    const active = await rows(
      server(),
      `SELECT vc.call_id, vcp.role FROM video_calls vc
       JOIN video_call_participants vcp ON vc.id = vcp.call_id
       WHERE vcp.user_id = ${quoted(bob)} AND vc.status = 'active' AND vcp.left_at IS NULL`,
    );
    assert.deepEqual(active, [{ call_id: ids[3], role: 'participant' }]);
    const view = await rows(
      server(),
      `SELECT call_id, active_participants_count AS n FROM active_video_calls
       WHERE created_by = ${quoted(alice)}`,
    );
    assert.deepEqual(view, [{ call_id: ids[3], n: 2 }]);
    const seen = await rows(
      server(),
      `SELECT h.call_id, h.user_role FROM user_call_history AS h
       WHERE h.call_id = ${quoted(ids[0])} ORDER BY h.user_role`,
    );
    assert.deepEqual(
      seen.map((each) => each.user_role),
      ['admin', 'participant'],
    );
  });
});
