// Two clients join, leave and change the status of the same calls as fast as they can, over REST
// and sockets. Whatever comes of it: no call is active with nobody in, no second counts twice.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { msOf, rows } from '../lib/rows.mjs';
import { Server } from '../lib/server.mjs';
import { bothStores, TEST_MS } from '../lib/suite.mjs';
import { eventually } from '../lib/waiting.mjs';
import {
  activeOf,
  ask,
  checkVersions,
  create,
  fenceByCall,
  historyOf,
  must,
  newCall,
  noLimits,
  show,
} from '../lib/video.mjs';

const OPERATIONS = 400;
const LIVE_CALLS = 3;
// The server's times and ours are of one clock, in whole ms.
const SLACK_MS = 2;

/** Repeatable random numbers (mulberry32). */
function randomFrom(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** How long a user can have been in a call at most, told from what it asked and was answered. */
class Presence {
  total = 0;
  #since = null;

  /** Asked at `begun`, and answered meanwhile. */
  join(begun) {
    this.#since ??= begun;
  }

  out(now) {
    if (this.#since !== null) this.total += now - this.#since;
    this.#since = null;
  }

  upTo(now) {
    return this.total + (this.#since === null ? 0 : now - this.#since);
  }
}

class Hammerer {
  presences = new Map();
  joinedAt = new Map();
  done = 0;

  constructor(server, user, random, calls) {
    Object.assign(this, { server, user, random, calls });
  }

  async open() {
    this.device = await Device.open(this.server, this.user);
    return this;
  }

  #presence(callId) {
    if (!this.presences.has(callId)) this.presences.set(callId, new Presence());
    return this.presences.get(callId);
  }

  async #rest(method, callId, verb, body) {
    const answer = await ask(this.server, this.user, method, `/calls/${callId}/${verb}`, body);
    assert.ok([200, 409].includes(answer.status) || verb === 'status', JSON.stringify(answer.body));
    return answer;
  }

  /** The first join of a user never changes. */
  async #join(callId) {
    const { status, body } = await this.#rest('POST', callId, 'join');
    if (status !== 200) return 'refused';
    const first = this.joinedAt.get(callId) ?? body.joined_at;
    assert.equal(body.joined_at, first, `joined_at of ${this.user} in ${callId}`);
    this.joinedAt.set(callId, first);
    return 'joined';
  }

  /** One operation: `joined`, `left`, or `refused`. */
  async #once(callId) {
    ++this.done;
    switch (this.random(8)) {
      case 0:
      case 1:
        return this.#join(callId);
      case 2:
      case 3:
        return (await this.device.ask('call.join', { call_id: callId })).ok ? 'joined' : 'refused';
      case 4:
        return (await this.#rest('POST', callId, 'leave')).status === 200 ? 'left' : 'refused';
      case 5:
      case 6:
        return (await this.device.ask('call.leave', { call_id: callId })).ok ? 'left' : 'refused';
      default: {
        const status = ['active', 'active', 'ended', 'cancelled'][this.random(4)];
        const answer = await this.#rest('PATCH', callId, 'status', { status });
        assert.ok([200, 403, 409].includes(answer.status), `${answer.status} for ${status}`);
        return 'refused';
      }
    }
  }

  /** Rounds of one to three operations on one call at once. */
  async run() {
    while (this.done < OPERATIONS) {
      const callId = await this.calls.pick(this.random);
      const presence = this.#presence(callId);
      const begun = Date.now();
      const count = 1 + this.random(3);
      const became = await Promise.all(Array.from({ length: count }, () => this.#once(callId)));
      // Only a leave with no join beside it tells that the user is out.
      if (became.includes('joined')) presence.join(begun);
      else if (became.includes('left')) presence.out(Date.now());
    }
  }
}

/** The calls that are hammered; one that is over is replaced by a new one. */
class Calls {
  all = [];
  #live = [];

  constructor(server, creator, other) {
    Object.assign(this, { server, creator, other });
  }

  async pick(random) {
    const at = random(LIVE_CALLS);
    this.#live[at] = this.#next(this.#live[at]);
    return this.#live[at];
  }

  async #next(before) {
    const callId = await before;
    if (callId) {
      const { status } = await show(this.server, this.creator, callId);
      if (status !== 'ended' && status !== 'cancelled') return callId;
    }
    const made = newCall('hammered');
    await create(this.server, this.creator, made, [this.other]);
    this.all.push(made);
    return made;
  }
}

/** Calls that are active with nobody in, although somebody was: never may there be one. */
const deserted = (server) =>
  rows(
    server,
    `SELECT c.call_id FROM video_calls AS c WHERE c.status = 'active'
       AND EXISTS (SELECT 1 FROM video_call_participants AS p WHERE p.call_id = c.id)
       AND NOT EXISTS (SELECT 1 FROM video_call_participants AS p
                       WHERE p.call_id = c.id AND p.left_at IS NULL)`,
  );

async function watch(server, isOver) {
  let looks = 0;
  while (!isOver()) {
    assert.deepEqual(await deserted(server), []);
    ++looks;
  }
  return looks;
}

/** The rows of each call, as they have to be when nothing is under way. */
async function checkRows(server, hammerers, calls) {
  const stored = await rows(server, 'SELECT * FROM video_calls');
  const people = await rows(server, 'SELECT * FROM video_call_participants');
  const byId = new Map(stored.map((row) => [row.call_id, row]));
  for (const callId of calls.all) {
    const call = byId.get(callId);
    const here = people.filter((row) => row.call_id === call.id);
    const inside = here.filter((row) => row.left_at === null);
    const what = JSON.stringify({ call, here });
    const over = call.status === 'ended' || call.status === 'cancelled';
    assert.equal(over, call.ended_at !== null, what);
    if (over) assert.equal(inside.length, 0, what);
    if (call.status === 'active') {
      // Nobody was ever in: then it has a deadline.
      assert.ok(inside.length > 0 || (here.length === 0 && call.join_deadline !== null), what);
    }
    assert.ok(here.length <= 2, what);
    for (const row of here) checkStay(row, call, hammerers, callId, what);
  }
  return people;
}

function checkStay(row, call, hammerers, callId, what) {
  const now = Date.now();
  const { presences, joinedAt } = hammerers.find((each) => each.user === row.user_id);
  const joined = msOf(row.joined_at);
  if (joinedAt.has(callId)) assert.equal(joined, Date.parse(joinedAt.get(callId)), what);
  const out = row.left_at !== null;
  assert.equal(out, row.entered_at === null, what);
  const open = out ? 0 : now - msOf(row.entered_at);
  const present = Number(row.present_ms) + open;
  // Nobody is longer in a call than from the first join to the last leave, nor than it asked to be.
  const wall = (out ? msOf(row.left_at) : now) - joined;
  assert.ok(present <= wall, `${present} ms in ${wall} ms: ${what}`);
  const most = presences.get(callId).upTo(now) + SLACK_MS;
  assert.ok(present <= most, `${present} ms, at most ${most} ms: ${what}`);
  if (out) assert.equal(row.duration_seconds, Math.floor(Number(row.present_ms) / 1000), what);
  if (call.ended_at !== null) assert.ok(msOf(row.left_at) <= msOf(call.ended_at), what);
}

/** What the API says is what the rows say. */
async function checkAnswers(server, hammerers, calls, people) {
  for (const { user } of hammerers) {
    const own = people.filter((row) => row.user_id === user);
    const listed = [];
    for (let offset = 0; ; offset += 100) {
      const page = await historyOf(server, user, `?limit=100&offset=${offset}`);
      listed.push(...page);
      if (page.length < 100) break;
    }
    const flat = (id, joined, left, duration) => [id, msOf(joined), msOf(left), duration].join(' ');
    assert.deepEqual(
      listed.map((e) => flat(e.id, e.joined_at, e.left_at, e.user_duration_seconds)).sort(),
      own.map((row) => flat(row.call_id, row.joined_at, row.left_at, row.duration_seconds)).sort(),
    );
    const joins = listed.map((entry) => Date.parse(entry.joined_at));
    assert.deepEqual(
      joins,
      [...joins].sort((a, b) => b - a),
      'the latest join is not the first',
    );
    for (const call of await activeOf(server, user)) {
      const inside = call.video_call_participants.filter((each) => each.left_at === null);
      assert.equal(call.active_participants_count, inside.length);
      assert.ok(inside.length > 0 || call.video_call_participants.length === 0);
    }
  }
  for (const callId of calls.all) {
    const call = await show(server, hammerers[0].user, callId);
    const { status, active_participants_count: count } = call;
    if (status !== 'created' && status !== 'active') assert.equal(count, 0, JSON.stringify(call));
  }
}

for (const store of bothStores) {
  const skip = store === 'postgres' ? skipPostgres : false;

  describe(`hammered video calls (${store})`, { skip }, () => {
    it(`${OPERATIONS} operations of each of two`, { timeout: 5 * TEST_MS }, async () => {
      const seed = Number(process.env.CARILLON_SEED ?? randomInt(2 ** 31));
      const limits = { LIMITS_SOCKET_EVENTS_PER_SECOND: '0', RECONNECT_GRACE_SECONDS: '1' };
      const server = await Server.start({ store, env: { ...noLimits, ...limits } });
      try {
        const users = [newUser('alice'), newUser('bob')];
        for (const user of users) await must(server, user, 'GET', '/user');
        const calls = new Calls(server, ...users);
        const open = (user, n) => new Hammerer(server, user, randomFrom(seed + n), calls).open();
        const hammerers = await Promise.all(users.map(open));
        let over = false;
        const watching = watch(server, () => over);
        await Promise.all([
          Promise.all(hammerers.map((each) => each.run())).finally(() => (over = true)),
          watching,
        ]);
        assert.ok((await watching) > 0);
        assert.ok(calls.all.length > LIVE_CALLS, `only ${calls.all.length} calls`);
        assert.deepEqual(await deserted(server), []);
        for (const { device, user } of hammerers) {
          await fenceByCall(server, user, device);
          checkVersions(device);
        }
        await checkAnswers(server, hammerers, calls, await checkRows(server, hammerers, calls));

        // A crash takes nothing back and adds nothing; then all who were in on a device are out.
        await server.crash();
        await closeAll();
        await server.launch();
        await eventually('those who were in on a device have left', async () => {
          const open = await rows(
            server,
            `SELECT p.id FROM video_call_participants AS p
             WHERE p.left_at IS NULL AND p.lease_until IS NULL`,
          );
          return open.length === 0;
        });
        assert.deepEqual(await deserted(server), []);
        await checkAnswers(server, hammerers, calls, await checkRows(server, hammerers, calls));
      } catch (error) {
        error.message += `\nCARILLON_SEED=${seed}\n${server.tail()}`;
        throw error;
      } finally {
        await closeAll();
        await server.stop();
      }
    });
  });
}
