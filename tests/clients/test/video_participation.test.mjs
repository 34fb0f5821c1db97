// Joining and leaving video calls over REST, and who may see them.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { peopleRows } from '../lib/rows.mjs';
import { bothStores, suite, TEST_MS } from '../lib/suite.mjs';
import {
  begin,
  create,
  historyOf,
  join,
  knownUsers,
  leave,
  newCall,
  noLimits,
  refusedOf,
  setStatus,
  show,
} from '../lib/video.mjs';
import { eventually } from '../lib/waiting.mjs';

const both = { stores: bothStores, env: noLimits, versions: ['latest'] };

suite('participation', both, ({ server }) => {
  it('keeps the first join and adds up', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const callId = await begin(server(), [alice, bob]);
    const first = (await join(server(), bob, callId)).joined_at;
    assert.equal((await join(server(), bob, callId)).joined_at, first);
    // Until a whole second can be seen.
    await eventually('a second passed', () => Date.now() >= Date.parse(first) + 1050);
    const one = await leave(server(), bob, callId);
    assert.ok(one.duration_seconds >= 1);
    assert.deepEqual(await leave(server(), bob, callId), one, 'a second leave is the same');
    const again = Date.now();
    assert.equal((await join(server(), bob, callId)).joined_at, first);
    const [, person] = (await show(server(), bob, callId)).video_call_participants;
    assert.deepEqual(person, { user_id: bob, left_at: null });
    await eventually('a second passed', () => Date.now() >= again + 1050);
    const two = await leave(server(), bob, callId);
    assert.ok(two.duration_seconds >= 2);
    const wall = (Date.parse(two.left_at) - Date.parse(first)) / 1000;
    assert.ok(two.duration_seconds <= wall, `${two.duration_seconds} of ${wall}`);
    assert.equal(two.call_auto_ended, false);
    const people = await peopleRows(server(), callId);
    assert.equal(people.length, 2);
    assert.equal(people[1].duration_seconds, two.duration_seconds);
  });

  it('has its limits', { timeout: TEST_MS }, async () => {
    const [alice, bob, carol] = await knownUsers(server(), 'alice', 'bob', 'carol');
    const stranger = newUser('stranger');
    const callId = newCall();
    await create(server(), alice, callId, [bob, carol], { max_participants: 2 });
    for (const verb of ['join', 'leave', 'accept', 'decline']) {
      await refusedOf(server(), stranger, verb, callId, undefined, 404, 'Call not found');
      await refusedOf(server(), alice, verb, newCall(), undefined, 404, 'Call not found');
    }
    await refusedOf(server(), bob, 'leave', callId, undefined, 409, 'Not in this call');
    await join(server(), bob, callId);
    await setStatus(server(), alice, callId, 'active');
    await join(server(), alice, callId);
    await refusedOf(server(), carol, 'join', callId, undefined, 409, 'Call is full');
    await join(server(), bob, callId);
    await leave(server(), bob, callId);
    await join(server(), carol, callId);
    await refusedOf(server(), bob, 'join', callId, undefined, 409, 'Call is full');
    await leave(server(), alice, callId);
    assert.equal((await leave(server(), carol, callId)).call_auto_ended, true);
    for (const who of [alice, bob, carol]) {
      await refusedOf(server(), who, 'join', callId, undefined, 409, 'Call has ended');
    }
    // Of an ended call, who was in it still gets the answer to a leave.
    assert.equal((await leave(server(), bob, callId)).user_id, bob);
  });

  it('is seen by those whom the call concerns', { timeout: TEST_MS }, async () => {
    const [alice, bob, guest] = await knownUsers(server(), 'alice', 'bob', 'guest');
    const closed = newCall();
    await create(server(), alice, closed, [bob]);
    const open = newCall();
    await create(server(), alice, open);
    assert.equal((await show(server(), bob, closed)).call_id, closed);
    await refusedOf(server(), guest, '', closed, undefined, 404, 'Call not found');
    assert.equal((await show(server(), guest, open)).call_id, open);
    await refusedOf(server(), guest, 'status', open, { status: 'ended' }, 403, 'Not authorized');
    await join(server(), guest, open);
    await leave(server(), guest, open);
    assert.equal((await historyOf(server(), guest))[0].call_id, open);
    assert.deepEqual(await historyOf(server(), bob), []);
  });
});
