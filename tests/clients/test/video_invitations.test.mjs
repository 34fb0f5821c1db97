// Invitations to video calls: made for members, answered, used up by joining, gone in time.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { bothStores, suite, TEST_MS } from '../lib/suite.mjs';
import {
  accept,
  create,
  decline,
  devicesOf,
  fenceByCall,
  heardOf,
  invitationsOf,
  ISO,
  join,
  knownUsers,
  leave,
  newCall,
  nextOf,
  noLimits,
  refused,
  refusedOf,
  setStatus,
  show,
  UUID,
} from '../lib/video.mjs';

const TWO_HOURS = 2 * 3600 * 1000;
const both = { stores: bothStores, env: noLimits, versions: ['latest'] };

suite('invitations', both, ({ server }) => {
  const wordsOf = async (who, query) =>
    (await invitationsOf(server(), who, query)).map((each) => [each.call_id, each.status]);

  it('are made for members', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await knownUsers(server(), 'alice', 'bob', 'carol');
    const callId = newCall();
    const made = await create(server(), alice, callId, [bob, carol], { call_name: 'Lunch' });
    const [invitation] = await invitationsOf(server(), bob);
    assert.match(invitation.id, UUID);
    assert.match(invitation.invited_at, ISO);
    assert.equal(Date.parse(invitation.expires_at), Date.parse(invitation.invited_at) + TWO_HOURS);
    assert.deepEqual(invitation, {
      id: invitation.id,
      call_id: callId,
      call_type: 'default',
      call_name: 'Lunch',
      call_status: 'created',
      invited_by: alice,
      invited_user_id: bob,
      status: 'pending',
      invited_at: made.created_at,
      responded_at: null,
      expires_at: invitation.expires_at,
    });
    const [other] = await invitationsOf(server(), carol);
    assert.notEqual(other.id, invitation.id);
    assert.deepEqual(await wordsOf(alice, '?status=all'), [], 'the creator is not invited');
    // Made again, nobody is invited again.
    await create(server(), alice, callId, [bob, carol]);
    assert.deepEqual(await invitationsOf(server(), bob), [invitation]);
  });

  it('are accepted and declined', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await knownUsers(server(), 'alice', 'bob', 'carol');
    const guest = newUser('guest');
    const callId = newCall();
    await create(server(), alice, callId, [bob, carol]);
    const accepted = await accept(server(), bob, callId);
    const { responded_at } = accepted;
    assert.match(responded_at, ISO);
    const expected = { success: true, call_id: callId, user_id: bob, responded_at };
    assert.deepEqual(accepted, { ...expected, status: 'accepted' });
    assert.deepEqual(await accept(server(), bob, callId), accepted, 'the same again');
    assert.equal((await decline(server(), carol, callId)).status, 'declined');
    assert.equal((await accept(server(), carol, callId)).status, 'accepted');
    assert.equal((await decline(server(), carol, callId)).status, 'declined');
    assert.deepEqual(await wordsOf(bob, ''), []);
    assert.deepEqual(await wordsOf(bob, '?status=accepted'), [[callId, 'accepted']]);
    assert.deepEqual(await wordsOf(carol, '?status=declined'), [[callId, 'declined']]);
    const [stored] = await invitationsOf(server(), bob, '?status=all');
    assert.equal(stored.responded_at, responded_at);
    const { members, active_participants_count } = await show(server(), alice, callId);
    assert.deepEqual(
      members.slice(1).map((each) => each.invitation),
      ['accepted', 'declined'],
    );
    assert.equal(active_participants_count, 0, 'accepting is not joining');
    // Who declined may come all the same.
    await join(server(), carol, callId);
    assert.deepEqual(await wordsOf(carol, '?status=all'), [[callId, 'accepted']]);
    for (const verb of ['accept', 'decline']) {
      await refusedOf(server(), alice, verb, callId, undefined, 403, 'Not invited to this call');
      await refusedOf(server(), guest, verb, callId, undefined, 404, 'Call not found');
    }
  });

  it('are accepted by joining', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const callId = newCall();
    await create(server(), alice, callId, [bob]);
    const { joined_at } = await join(server(), bob, callId);
    const [invitation] = await invitationsOf(server(), bob, '?status=accepted');
    assert.deepEqual(
      [invitation.call_id, invitation.responded_at, invitation.call_status],
      [callId, joined_at, 'created'],
    );
    assert.deepEqual(await wordsOf(bob, ''), []);
    await leave(server(), bob, callId);
    assert.deepEqual(await wordsOf(bob, '?status=all'), [[callId, 'accepted']]);
  });

  it('are nothing when the call is over', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    for (const word of ['cancelled', 'ended']) {
      const callId = newCall();
      await create(server(), alice, callId, [bob]);
      await setStatus(server(), alice, callId, word);
      assert.deepEqual(await wordsOf(bob, ''), []);
      const [last] = await invitationsOf(server(), bob, '?status=all');
      assert.deepEqual([last.call_id, last.call_status], [callId, word]);
      assert.notEqual(last.status, 'pending');
      for (const verb of ['accept', 'decline']) {
        await refusedOf(server(), bob, verb, callId, undefined, 409, 'Call has ended');
      }
    }
  });

  it('are listed newest first', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await knownUsers(server(), 'alice', 'bob', 'carol');
    const ids = [];
    for (let n = 0; n < 5; ++n) {
      const callId = newCall();
      await create(server(), n % 2 ? alice : carol, callId, [bob]);
      ids.unshift(callId);
    }
    await accept(server(), bob, ids[1]);
    await decline(server(), bob, ids[3]);
    const idsAt = async (query) =>
      (await invitationsOf(server(), bob, query)).map((i) => i.call_id);
    assert.deepEqual(await idsAt(''), [ids[0], ids[2], ids[4]]);
    assert.deepEqual(await idsAt('?status=pending'), [ids[0], ids[2], ids[4]]);
    assert.deepEqual(await idsAt('?status=all'), ids);
    assert.deepEqual(await idsAt('?status=accepted'), [ids[1]]);
    assert.deepEqual(await idsAt('?status=declined'), [ids[3]]);
    assert.deepEqual(await idsAt('?status=expired'), []);
    for (const word of ['', 'open', 'Pending']) {
      const path = `/invitations?status=${word}`;
      const error = 'Invalid query parameter';
      const answer = await refused(server(), bob, 'GET', path, undefined, 400, error);
      assert.ok(answer.message.includes('status'), answer.message);
    }
  });

  it('reach devices, also those that come later', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await devicesOf(server(), ['alice', 'bob']);
    const callId = newCall();
    const made = await create(server(), alice, callId, [bob]);
    const told = await nextOf(bob, callId, 'call.created');
    assert.equal(told.created_by, alice.user);
    assert.equal(Date.parse(told.expires_at), Date.parse(made.created_at) + TWO_HOURS);
    const second = await Device.open(server(), bob.user);
    const [state] = second.callState.calls;
    assert.deepEqual(state, {
      callId,
      kind: 'video',
      state: 'created',
      role: 'participant',
      peer: null,
      ringDeadline: state.ringDeadline,
      joined: false,
    });
    assert.ok(state.ringDeadline);
    assert.deepEqual(await nextOf(second, callId, 'call.created'), told);
    await accept(server(), bob.user, callId);
    for (const device of [alice, bob, second]) {
      const { status, members } = await nextOf(device, callId, 'call.updated');
      assert.equal(status, 'created');
      assert.equal(members.find((each) => each.user_id === bob.user).invitation, 'accepted');
    }
    // Answered: the next device is not asked any more.
    const third = await Device.open(server(), bob.user);
    await fenceByCall(server(), bob.user, third);
    assert.deepEqual(heardOf(third, callId), []);
  });
});
