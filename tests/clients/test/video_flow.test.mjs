// The documented app against the server, from its start to the list of recent calls.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { callRow, msOf, peopleRows } from '../lib/rows.mjs';
import { bothStores, suite, TEST_MS } from '../lib/suite.mjs';
import { token } from '../lib/token.mjs';
import { ask, defaultSettings, ISO, newCall, UUID } from '../lib/video.mjs';
import { VideoService } from '../lib/video_service.mjs';

const env = { STREAM_API_KEY: 'key of the app', STREAM_API_SECRET: 'secret of the app' };

suite('the app', { stores: bothStores, env, versions: ['latest'] }, ({ server }) => {
  async function appOf(name, claims) {
    const user = newUser(name);
    const service = new VideoService(server().url);
    const media = await service.initialize(token(user, claims));
    return { user, service, media };
  }

  it('shows who one is', { timeout: TEST_MS }, async () => {
    const john = await appOf('john', { name: 'John Doe', email: 'john@example.com' });
    assert.deepEqual(john.media.user, {
      id: john.user,
      name: 'John Doe',
      image: `https://getstream.io/random_svg/?id=${john.user}&name=John%20Doe`,
      email: 'john@example.com',
    });
    const jane = await appOf('jane', { email: 'jane.roe@example.com' });
    assert.equal(jane.media.user.name, 'jane.roe');
    const full = await ask(server(), { token: token(john.user) }, 'GET', '/user');
    assert.deepEqual(Object.keys(full.body).sort(), ['api_key', 'user_data', 'user_id']);
    assert.equal(full.body.api_key, env.STREAM_API_KEY);
  });

  it('goes from its start to the recent calls', { timeout: TEST_MS }, async () => {
    const alice = await appOf('alice');
    const bob = await appOf('bob');
    for (const { service } of [alice, bob]) {
      assert.deepEqual(await service.getActiveCalls(), { active_calls: [] });
      const none = { calls: [], limit: 10, offset: 0 };
      assert.deepEqual(await service.getCallHistory(10, 0), none);
    }

    const callId = newCall();
    const members = [{ user_id: bob.user, role: 'user' }];
    const { call, metadata, status, joined } = await alice.service.createCall(
      callId,
      'default',
      members,
    );
    assert.deepEqual(call.log, ['created']);
    const { id, call_name, status: first, max_participants, event_id, created_at } = metadata;
    assert.deepEqual(metadata, {
      call_id: callId,
      call_type: 'default',
      created_by: alice.user,
      members: [{ user_id: alice.user, role: 'admin' }, ...members],
      settings: defaultSettings,
      message:
        'Call metadata created. Use Stream Video client on frontend to create and join call.',
      ...{ id, call_name, status: first, max_participants, event_id, created_at },
    });
    assert.match(id, UUID);
    assert.match(created_at, ISO);
    assert.deepEqual([call_name, first, max_participants, event_id], [null, 'created', 50, null]);
    const { updated_at } = status;
    assert.deepEqual(status, { success: true, call_id: callId, status: 'active', updated_at });
    assert.match(updated_at, ISO);
    const { joined_at } = joined;
    assert.deepEqual(joined, { success: true, call_id: callId, user_id: alice.user, joined_at });
    assert.match(joined_at, ISO);

    const bobs = await bob.service.joinCall(callId);
    assert.equal(bobs.joined.user_id, bob.user);
    for (const { service } of [alice, bob]) {
      const { active_calls: calls } = await service.getActiveCalls();
      assert.equal(calls.length, 1);
      const { started_at, created_at, updated_at, ...rest } = calls[0];
      for (const time of [started_at, created_at, updated_at]) assert.match(time, ISO);
      assert.deepEqual(rest, {
        id,
        call_id: callId,
        call_type: 'default',
        call_name: null,
        status: 'active',
        ended_at: null,
        duration_seconds: null,
        created_by: alice.user,
        recording_enabled: false,
        screensharing_enabled: true,
        max_participants: 50,
        video_call_participants: [
          { user_id: alice.user, left_at: null },
          { user_id: bob.user, left_at: null },
        ],
        active_participants_count: 2,
      });
    }

    const left = await bob.service.leaveCall(bobs.call);
    assert.match(left.left_at, ISO);
    assert.deepEqual(left, {
      success: true,
      call_id: callId,
      user_id: bob.user,
      left_at: left.left_at,
      duration_seconds: left.duration_seconds,
      call_auto_ended: false,
    });
    assert.ok(Number.isInteger(left.duration_seconds) && left.duration_seconds >= 0);
    assert.deepEqual(await bob.service.getActiveCalls(), { active_calls: [] });
    const [still] = (await alice.service.getActiveCalls()).active_calls;
    assert.equal(still.active_participants_count, 1);
    assert.deepEqual(still.video_call_participants, [
      { user_id: alice.user, left_at: null },
      { user_id: bob.user, left_at: left.left_at },
    ]);
    const last = await alice.service.leaveCall(call);
    assert.equal(last.call_auto_ended, true);

    for (const [app, role, stay] of [
      [alice, 'admin', last],
      [bob, 'participant', left],
    ]) {
      assert.deepEqual(await app.service.getActiveCalls(), { active_calls: [] });
      const page = await app.service.getCallHistory();
      assert.deepEqual([page.limit, page.offset, page.calls.length], [25, 0, 1]);
      const [entry] = page.calls;
      assert.match(entry.ended_at, ISO);
      assert.deepEqual(entry, {
        id,
        call_id: callId,
        call_type: 'default',
        call_name: null,
        status: 'ended',
        started_at: still.started_at,
        ended_at: entry.ended_at,
        duration_seconds: entry.duration_seconds,
        user_role: role,
        joined_at: role === 'admin' ? joined_at : bobs.joined.joined_at,
        left_at: stay.left_at,
        user_duration_seconds: stay.duration_seconds,
        created_by: alice.user,
        created_at,
      });
      assert.equal(
        entry.duration_seconds,
        Math.floor((Date.parse(entry.ended_at) - Date.parse(entry.started_at)) / 1000),
      );
    }

    // An analyst finds the same in the tables.
    const row = await callRow(server(), callId);
    assert.equal(row.id, id);
    assert.deepEqual([row.status, row.created_by, row.call_type], ['ended', alice.user, 'default']);
    assert.equal(msOf(row.started_at), Date.parse(still.started_at));
    const people = await peopleRows(server(), callId);
    assert.deepEqual(
      people.map((each) => [each.user_id, each.role, msOf(each.joined_at), msOf(each.left_at)]),
      [
        [alice.user, 'admin', Date.parse(joined_at), Date.parse(last.left_at)],
        [bob.user, 'participant', Date.parse(bobs.joined.joined_at), Date.parse(left.left_at)],
      ],
    );
  });

  it('begins a call that anybody may join', { timeout: TEST_MS }, async () => {
    const alice = await appOf('alice');
    const bob = await appOf('bob');
    const { call, metadata } = await alice.service.createCall(newCall('open'));
    assert.deepEqual(metadata.members, [{ user_id: alice.user, role: 'admin' }]);
    const { call: same } = await bob.service.joinCall(call.id);
    assert.equal((await alice.service.leaveCall(call)).call_auto_ended, false);
    assert.equal((await bob.service.leaveCall(same)).call_auto_ended, true);
    const page = await bob.service.getCallHistory(1, 0);
    assert.deepEqual(
      page.calls.map((entry) => [entry.call_id, entry.user_role, entry.status]),
      [[call.id, 'participant', 'ended']],
    );
  });

  it('has rooms for audio', { timeout: TEST_MS }, async () => {
    const alice = await appOf('alice');
    const bob = await appOf('bob');
    const carol = await appOf('carol');
    const id = newCall('audio');
    const members = [{ user_id: bob.user }];
    const { call, metadata } = await alice.service.createCall(id, 'audio_room', members);
    assert.equal(metadata.call_type, 'audio_room');
    // Open although it has members.
    await carol.service.joinCall(call.id, 'audio_room');
    const [active] = (await carol.service.getActiveCalls()).active_calls;
    assert.deepEqual([active.call_type, active.active_participants_count], ['audio_room', 2]);
  });

  it('is told when a call is over', { timeout: TEST_MS }, async () => {
    const alice = await appOf('alice');
    const bob = await appOf('bob');
    const { call } = await alice.service.createCall();
    assert.equal((await alice.service.leaveCall(call)).call_auto_ended, true);
    const over = { status: 409, message: 'Call has ended' };
    await assert.rejects(bob.service.joinCall(call.id), over);
    await assert.rejects(alice.service.trackJoin(call.id), over);
    await assert.rejects(bob.service.joinCall(newCall('nowhere')), { status: 404 });
  });
});
