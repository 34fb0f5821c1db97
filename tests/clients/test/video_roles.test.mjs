// Who may take whom out of a video call.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { bothStores, suite, TEST_MS } from '../lib/suite.mjs';
import {
  activeOf,
  begin,
  devicesOf,
  historyOf,
  join,
  kick,
  knownUsers,
  leave,
  nextOf,
  noLimits,
  refusedOf,
  show,
} from '../lib/video.mjs';

const root = newUser('root');
const env = { ...noLimits, ADMIN_USERS: root };

suite('roles', { stores: bothStores, env, versions: ['latest'] }, ({ server }) => {
  it('decide who is removed by whom', { timeout: 2 * TEST_MS }, async () => {
    const names = ['creator', 'admin', 'moderator', 'participant', 'user'];
    const users = await knownUsers(server(), ...names);
    const people = Object.fromEntries(users.map((user, n) => [names[n], user]));
    const [creator, ...others] = users;
    const members = others.map((user_id, n) => ({ user_id, role: names[n + 1] }));
    const allowed = {
      creator: ['admin', 'moderator', 'participant', 'user'],
      admin: ['moderator', 'participant', 'user'],
      moderator: ['participant', 'user'],
      participant: [],
      user: [],
    };
    const callId = await begin(server(), [creator], { members });
    for (const user of others) await join(server(), user, callId);
    for (const [by, whoms] of Object.entries(allowed)) {
      for (const whom of names) {
        if (by === whom) continue;
        const body = { user_id: people[whom] };
        if (whoms.includes(whom)) {
          const answer = await kick(server(), people[by], callId, people[whom]);
          const { left_at, duration_seconds } = answer;
          assert.deepEqual(answer, {
            success: true,
            call_id: callId,
            user_id: people[whom],
            left_at,
            duration_seconds,
            call_auto_ended: false,
          });
          await refusedOf(server(), people[by], 'kick', callId, body, 409, 'Not in this call');
          // Who was removed may come back.
          await join(server(), people[whom], callId);
        } else {
          await refusedOf(server(), people[by], 'kick', callId, body, 403, 'Not authorized');
        }
      }
    }
    const stranger = newUser('stranger');
    const body = { user_id: people.user };
    await refusedOf(server(), stranger, 'kick', callId, body, 404, 'Call not found');
    // An admin of the server may remove anybody but the creator.
    for (const whom of names.slice(1)) await kick(server(), root, callId, people[whom]);
    const [entry] = await historyOf(server(), people.moderator);
    assert.deepEqual([entry.user_role, entry.status], ['moderator', 'active']);
    assert.ok(entry.left_at);
    const call = await show(server(), creator, callId);
    assert.equal(call.active_participants_count, 1);
    assert.equal(call.video_call_participants.length, users.length);
  });

  it('are no matter for what is not there', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const callId = await begin(server(), [alice, bob]);
    await leave(server(), bob, callId);
    for (const user_id of [bob, newUser('nobody')]) {
      await refusedOf(server(), alice, 'kick', callId, { user_id }, 409, 'Not in this call');
    }
    for (const body of [{}, { user_id: '' }, { user_id: 3 }]) {
      await refusedOf(server(), alice, 'kick', callId, body, 400, 'Invalid field');
    }
  });

  it('tell everybody who removed whom', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await devicesOf(server(), ['alice', 'bob', 'carol']);
    const callId = await begin(server(), [alice, bob, carol]);
    await kick(server(), alice, callId, bob);
    for (const device of [alice, bob, carol]) {
      const left = await nextOf(device, callId, 'call.session_participant_left');
      assert.deepEqual(
        [left.user_id, left.reason, left.removed_by, left.active_participants_count],
        [bob.user, 'kicked', alice.user, 2],
      );
    }
    assert.deepEqual(await activeOf(server(), bob), []);
    await join(server(), bob, callId);
    for (const device of [alice, bob, carol]) {
      const joined = await nextOf(
        device,
        callId,
        'call.session_participant_joined',
        (data) => data.user_id === bob.user && data.active_participants_count === 3,
      );
      assert.equal(joined.role, 'participant');
    }
  });
});
