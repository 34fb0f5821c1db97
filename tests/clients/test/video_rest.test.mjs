// Creating video calls and changing their status over REST, and what of it is refused.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { callRow, peopleRows, quoted, rows } from '../lib/rows.mjs';
import { bothStores, suite, TEST_MS } from '../lib/suite.mjs';
import {
  activeOf,
  ask,
  begin,
  create,
  defaultSettings,
  historyOf,
  ISO,
  join,
  knownUsers,
  leave,
  newCall,
  noLimits,
  refused,
  refusedOf,
  setStatus,
  show,
} from '../lib/video.mjs';

const both = { stores: bothStores, env: noLimits, versions: ['latest'] };

suite('creating a video call', both, ({ server }) => {
  const badCall = (who, body, error, message) =>
    refused(server(), who, 'POST', '/calls', body, 400, error).then((answer) =>
      assert.ok(answer.message.includes(message), `${answer.message} has no ${message}`),
    );

  it('keeps what was asked for', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol, dave] = await knownUsers(server(), 'a', 'b', 'c', 'd');
    const callId = newCall();
    const settings = {
      recording: { mode: 'available', quality: '720p' },
      screensharing: { enabled: false },
      limits: { max_duration_seconds: 3600 },
    };
    const members = [
      { user_id: carol, role: 'moderator' },
      { user_id: bob, role: 'user' },
      { user_id: alice, role: 'user' },
      { user_id: dave, role: 'admin' },
      { user_id: carol, role: 'participant' },
    ];
    const more = {
      call_type: 'livestream',
      call_name: 'Team Stand-up ☕',
      max_participants: 7,
      event_id: 'event 123',
      settings,
    };
    const made = await create(server(), alice, callId, members, more);
    assert.deepEqual(made.members, [
      { user_id: alice, role: 'admin' },
      { user_id: carol, role: 'moderator' },
      { user_id: bob, role: 'user' },
      { user_id: dave, role: 'admin' },
    ]);
    assert.deepEqual(made.settings, { ...defaultSettings, ...settings });
    for (const [field, value] of Object.entries(more)) {
      if (field !== 'settings') assert.deepEqual(made[field], value, field);
    }
    const call = await show(server(), bob, callId);
    const { created_at, updated_at, version, members: people } = call;
    assert.deepEqual(call, {
      id: made.id,
      call_id: callId,
      call_type: 'livestream',
      call_name: more.call_name,
      status: 'created',
      started_at: null,
      ended_at: null,
      duration_seconds: null,
      created_by: alice,
      recording_enabled: true,
      screensharing_enabled: false,
      max_participants: 7,
      created_at,
      updated_at,
      video_call_participants: [],
      active_participants_count: 0,
      members: people,
      settings: made.settings,
      event_id: 'event 123',
      version,
    });
    assert.equal(created_at, made.created_at);
    assert.match(updated_at, ISO);
    assert.deepEqual(
      people.map(({ user_id, invitation }) => [user_id, invitation]),
      [
        [alice, people[0].invitation],
        [carol, 'pending'],
        [bob, 'pending'],
        [dave, 'pending'],
      ],
    );
    const row = await callRow(server(), callId);
    assert.deepEqual(
      [row.call_name, row.max_participants, row.event_id, row.call_type],
      [more.call_name, 7, 'event 123', 'livestream'],
    );
    assert.ok(row.recording_enabled);
    assert.ok(!row.screensharing_enabled);
    assert.deepEqual(await peopleRows(server(), callId), [], 'nobody joined yet');
  });

  it('twice gives the first one', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const callId = newCall();
    const made = await create(server(), alice, callId, [bob], { call_name: 'first' });
    assert.deepEqual(await create(server(), alice, callId, [], { call_name: 'second' }), made);
    // Many at once: there is one.
    const other = newCall();
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        create(server(), alice, other, [bob], { call_name: `${n}` }),
      ),
    );
    for (const each of all) assert.deepEqual(each, all[0]);
    // Of another user: refused, whoever it is.
    const carol = newUser('carol');
    for (const who of [bob, carol]) {
      const body = { call_id: callId };
      await refused(server(), who, 'POST', '/calls', body, 409, 'Call already exists');
    }
    const third = newCall();
    const answers = await Promise.all(
      [alice, bob, carol].map((who) => ask(server(), who, 'POST', '/calls', { call_id: third })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409]);
    // Also of one that is over.
    await setStatus(server(), alice, callId, 'ended');
    const again = await create(server(), alice, callId, [bob]);
    assert.deepEqual([again.id, again.status, again.call_name], [made.id, 'ended', 'first']);
    const where = `WHERE call_id = ${quoted(callId)}`;
    assert.equal((await rows(server(), `SELECT id FROM video_calls ${where}`)).length, 1);
  });

  it('takes any id that can be printed', { timeout: TEST_MS }, async () => {
    const alice = newUser('alice');
    for (const name of ['a/b?c=d&e', '%2e%2e', 'ümlaut-☎', "it's", '..', 'history', 'stats']) {
      const callId = `${newCall()}${name}`;
      await create(server(), alice, callId);
      assert.equal((await join(server(), alice, callId)).call_id, callId);
      assert.equal((await leave(server(), alice, callId)).call_auto_ended, true);
    }
    const longest = newCall().padEnd(128, 'x');
    await create(server(), alice, longest);
    assert.equal((await show(server(), alice, longest)).call_id, longest);
  });

  it('refuses what it cannot make', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const field = 'Invalid field';
    const good = { call_id: newCall() };
    const cases = [
      [{}, 'call_id'],
      [{ call_id: '' }, 'call_id'],
      [{ call_id: 7 }, 'call_id'],
      [{ call_id: 'with space' }, 'call_id'],
      [{ call_id: 'x'.repeat(129) }, 'call_id'],
      [{ ...good, call_type: 'video' }, 'call_type'],
      [{ ...good, call_type: 1 }, 'call_type'],
      [{ ...good, members: {} }, 'members'],
      [{ ...good, members: [bob] }, 'members[0]'],
      [{ ...good, members: [{ role: 'user' }] }, 'members[0]'],
      [{ ...good, members: [{ user_id: bob }, { user_id: bob, role: 'king' }] }, 'members[1].role'],
      [{ ...good, members: Array(201).fill({ user_id: bob }) }, 'members'],
      [{ ...good, settings: [] }, 'settings'],
      [{ ...good, settings: { x: 'x'.repeat(17000) } }, 'settings'],
      [{ ...good, call_name: 'x'.repeat(256) }, 'call_name'],
      [{ ...good, max_participants: 0 }, 'max_participants'],
      [{ ...good, max_participants: 1001 }, 'max_participants'],
      [{ ...good, max_participants: 2.5 }, 'max_participants'],
      [{ ...good, max_participants: '5' }, 'max_participants'],
      [{ ...good, event_id: 'x'.repeat(256) }, 'event_id'],
    ];
    for (const [body, name] of cases) await badCall(alice, body, field, name);
    const unknown = newUser('nobody');
    const members = [{ user_id: bob }, { user_id: unknown }];
    await badCall(alice, { ...good, members }, 'Unknown participant', unknown);
    for (const text of ['', '{', '[]', '"x"', '{"call_id":"a"} x', '\u0000']) {
      const answer = await ask(server(), alice, 'POST', '/calls', text);
      assert.equal(answer.status, 400, text);
      assert.ok(['Invalid JSON', field].includes(answer.body.error), answer.body.error);
    }
    const huge = { ...good, x: 'x'.repeat(300000) };
    await refused(server(), alice, 'POST', '/calls', huge, 413, 'Request body too large');
    await refusedOf(server(), alice, '', good.call_id, undefined, 404, 'Call not found');
    await create(server(), alice, good.call_id);
  });
});

suite('the status of a video call', both, ({ server }) => {
  it('moves only forward, by its creator', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const stranger = newUser('stranger');
    const words = ['created', 'active', 'ended', 'cancelled'];
    const allowed = {
      created: ['active', 'cancelled', 'ended'],
      active: ['ended'],
      ended: [],
      cancelled: [],
    };
    for (const [from, to] of Object.entries(allowed)) {
      for (const word of words) {
        const callId = newCall();
        await create(server(), alice, callId, [bob]);
        if (from !== 'created') await setStatus(server(), alice, callId, from);
        const body = { status: word };
        await refusedOf(server(), bob, 'status', callId, body, 403, 'Not authorized');
        await refusedOf(server(), stranger, 'status', callId, body, 404, 'Call not found');
        if (to.includes(word)) {
          const answer = await setStatus(server(), alice, callId, word);
          const { updated_at } = answer;
          assert.deepEqual(answer, { success: true, call_id: callId, status: word, updated_at });
          assert.match(updated_at, ISO);
        } else {
          const error = 'Status cannot change so';
          await refusedOf(server(), alice, 'status', callId, body, 409, error);
        }
        const now = to.includes(word) ? word : from;
        assert.equal((await show(server(), alice, callId)).status, now);
        assert.equal((await callRow(server(), callId)).status, now);
      }
    }
    const callId = newCall();
    await create(server(), alice, callId);
    for (const body of [{}, { status: 'paused' }, { status: 1 }, { status: '' }]) {
      await refusedOf(server(), alice, 'status', callId, body, 400, 'Invalid field');
    }
    const error = 'Call not found';
    await refusedOf(server(), alice, 'status', newCall(), { status: 'active' }, 404, error);
  });

  it('ended closes what is open and fills the durations', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const callId = await begin(server(), [alice, bob]);
    await leave(server(), bob, callId);
    await join(server(), bob, callId);
    const { updated_at } = await setStatus(server(), alice, callId, 'ended');
    const call = await show(server(), bob, callId);
    assert.equal(call.status, 'ended');
    assert.equal(call.active_participants_count, 0);
    const ended = Date.parse(call.ended_at);
    assert.equal(call.duration_seconds, Math.floor((ended - Date.parse(call.started_at)) / 1000));
    assert.equal(call.ended_at, updated_at);
    for (const who of [alice, bob]) {
      const [entry] = await historyOf(server(), who);
      assert.equal(entry.left_at, call.ended_at);
      assert.ok(Number.isInteger(entry.user_duration_seconds));
      assert.deepEqual(await activeOf(server(), who), []);
    }
    // Never made active: no duration.
    const idle = newCall();
    await create(server(), alice, idle);
    await setStatus(server(), alice, idle, 'cancelled');
    const { status, started_at, ended_at, duration_seconds } = await show(server(), alice, idle);
    assert.deepEqual([status, started_at, duration_seconds], ['cancelled', null, null]);
    assert.match(ended_at, ISO);
  });
});
