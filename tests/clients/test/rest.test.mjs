// The REST routes: history, missed calls, deletion, ICE servers, and what HTTP asks for.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { newUser, pair, ring, talk } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { history, missed, ok, recordOf, refused, request } from '../lib/rest.mjs';
import { Server } from '../lib/server.mjs';
import { bothStores, noLimits, suite, TEST_MS } from '../lib/suite.mjs';

/** `count` calls from `caller` to a user without a device, oldest first; their ids. */
async function missedCalls(server, caller, receiver, count, callType = 'audio') {
  await history(server, receiver);
  const ids = [];
  for (let i = 0; i < count; ++i) {
    const body = { receiverId: receiver, callType };
    const answer = await request(server, caller, 'POST', '/api/calls/initiate', body);
    assert.equal(answer.status, 409);
    const page = await history(server, caller, '?limit=1');
    ids.push(page.data[0]._id);
  }
  assert.equal(new Set(ids).size, count);
  return ids;
}

const ids = (page) => page.data.map((call) => call._id);

suite('history', { stores: bothStores, env: noLimits, versions: ['latest'] }, ({ server }) => {
  it('is empty at first', { timeout: TEST_MS }, async () => {
    for (const page of [
      await history(server(), newUser('alice')),
      await missed(server(), newUser('alice')),
    ]) {
      assert.deepEqual(page.data, []);
      assert.equal(page.hasMore, false);
      assert.equal(page.success, true);
    }
  });

  it('is newest first, in pages, with an exact hasMore', { timeout: TEST_MS }, async () => {
    const [alice, bob] = [newUser('alice'), newUser('bob')];
    const newest = (await missedCalls(server(), alice, bob, 5)).reverse();
    for (const who of [alice, bob]) {
      const page = async (query) => {
        const got = await history(server(), who, query);
        return [ids(got), got.hasMore];
      };
      assert.deepEqual(await page(''), [newest, false]);
      assert.deepEqual(await page('?limit=2'), [newest.slice(0, 2), true]);
      assert.deepEqual(await page('?limit=2&skip=2'), [newest.slice(2, 4), true]);
      assert.deepEqual(await page('?limit=2&skip=3'), [newest.slice(3), false]);
      assert.deepEqual(await page('?skip=4'), [newest.slice(4), false]);
      assert.deepEqual(await page('?skip=5'), [[], false]);
      assert.deepEqual(await page('?limit=5'), [newest, false]);
      assert.deepEqual(await page('?limit=4'), [newest.slice(0, 4), true]);
      assert.deepEqual(await page('?limit=100'), [newest, false]);
      assert.deepEqual(await page('?limit=1'), [newest.slice(0, 1), true]);
    }
    const dates = (await history(server(), alice)).data.map((call) => call.createdAt);
    assert.deepEqual([...dates].sort().reverse(), dates);
  });

  it('limits to 50 unless told', { timeout: TEST_MS }, async () => {
    const [alice, bob] = [newUser('alice'), newUser('bob')];
    await missedCalls(server(), alice, bob, 52);
    const first = await history(server(), alice);
    assert.equal(first.data.length, 50);
    assert.equal(first.hasMore, true);
    const rest = await history(server(), alice, '?skip=50');
    assert.equal(rest.data.length, 2);
    assert.equal(rest.hasMore, false);
    assert.equal((await missed(server(), bob)).data.length, 50);
    assert.equal((await missed(server(), bob, '?limit=100')).data.length, 52);
  });

  it('filters by type', { timeout: TEST_MS }, async () => {
    const [alice, bob] = [newUser('alice'), newUser('bob')];
    const audio = await missedCalls(server(), alice, bob, 2, 'audio');
    const video = await missedCalls(server(), alice, bob, 1, 'video');
    assert.deepEqual(ids(await history(server(), bob, '?type=audio')), audio.reverse());
    assert.deepEqual(ids(await history(server(), bob, '?type=video')), video);
    const page = await history(server(), bob, '?type=audio&limit=1&skip=1');
    assert.deepEqual([ids(page), page.hasMore], [[audio[1]], false]);
  });

  it('lists as missed only what the asking user missed', { timeout: TEST_MS }, async () => {
    const [alice, bob] = [newUser('alice'), newUser('bob')];
    const [toBob] = await missedCalls(server(), alice, bob, 1);
    const [toAlice] = await missedCalls(server(), bob, alice, 1);
    assert.deepEqual(ids(await missed(server(), alice)), [toAlice]);
    assert.deepEqual(ids(await missed(server(), bob)), [toBob]);
    const page = await missed(server(), bob, '?limit=20&skip=0');
    assert.equal(page.data[0].isMissed, true);
    assert.equal(page.data[0].direction, 'incoming');
    assert.equal(page.hasMore, false);
    assert.deepEqual(ids(await missed(server(), bob, '?skip=1')), []);
  });

  it('deletes for the asking user only, and once', { timeout: TEST_MS }, async () => {
    const [alice, bob] = [newUser('alice'), newUser('bob')];
    const [first, second] = await missedCalls(server(), alice, bob, 2);
    const path = `/api/calls/history/${first}`;
    await refused(server(), newUser('mallory'), 'DELETE', path, undefined, 404, 'call_not_found');
    await ok(server(), bob, 'DELETE', path);
    assert.deepEqual(ids(await history(server(), bob)), [second]);
    assert.deepEqual(ids(await missed(server(), bob)), [second]);
    assert.deepEqual(ids(await history(server(), alice)), [second, first]);
    await refused(server(), bob, 'DELETE', path, undefined, 404, 'call_not_found');
    await ok(server(), alice, 'DELETE', path);
    assert.deepEqual(ids(await history(server(), alice)), [second]);
    const unknown = '/api/calls/history/00112233445566778899aabb';
    await refused(server(), alice, 'DELETE', unknown, undefined, 404, 'call_not_found');
  });

  it('names the parameter of a bad query', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    for (const [parameter, values] of [
      ['limit', ['0', '101', '-1', 'abc', '1.5', '', '99999999999999999999', '1e1', '%20']],
      ['skip', ['-1', 'abc', '', '1.5', '99999999999999999999999']],
      ['type', ['screen', '', 'AUDIO', 'audio,video', '%00']],
    ]) {
      for (const value of values) {
        const path = `/api/calls/history?${parameter}=${value}`;
        const body = await refused(server(), user, 'GET', path, undefined, 400, 'invalid_query');
        assert.ok(body.message.includes(parameter), `${path}: ${body.message}`);
      }
    }
    const path = '/api/calls/missed?limit=x';
    await refused(server(), user, 'GET', path, undefined, 400, 'invalid_query');
    // What is not a parameter of the route is nobody's business.
    await history(server(), user, '?unrelated=1&limit=5');
  });

  it('shows who is online now', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await ring(alice, bob);
    await alice.must('endCall', { callId });
    const online = async () => {
      const record = await recordOf(server(), alice.user, callId);
      return [record.callerId.isOnline, record.receiverId.isOnline];
    };
    assert.deepEqual(await online(), [true, true]);
    bob.close();
    // Nobody is told when a free user's device leaves: ask until it shows.
    const deadline = Date.now() + 10000;
    while ((await online())[1]) assert.ok(Date.now() < deadline, 'still online');
    assert.deepEqual(await online(), [true, false]);
    await Device.open(server(), bob.user);
    assert.deepEqual(await online(), [true, true]);
  });

  it('shows a live call', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await ring(alice, bob);
    const ringing = await recordOf(server(), bob.user, callId);
    assert.equal(ringing.status, 'no-answer');
    assert.equal(ringing.isMissed, false);
    await bob.must('acceptCall', { callId });
    const active = await recordOf(server(), bob.user, callId);
    assert.equal(active.status, 'active');
    assert.ok(active.startedAt);
    assert.equal(active.endedAt ?? null, null);
  });
});

suite('HTTP', { env: noLimits, versions: ['latest'] }, ({ server }) => {
  it('404 for what is not there, 405 for the wrong method', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    for (const path of [
      '/api/calls/nothing',
      '/api/nothing',
      '/api/calls',
      '/api/calls/history/a/b',
    ]) {
      const answer = await request(server(), user, 'GET', path);
      assert.equal(answer.status, 404, path);
      assert.equal(answer.body.success, false);
      assert.equal(answer.body.code, 'route_not_found');
    }
    for (const [method, path] of [
      ['GET', '/api/calls/initiate'],
      ['POST', '/api/calls/history'],
      ['PUT', '/api/calls/accept'],
      ['DELETE', '/api/calls/end'],
      ['GET', '/api/calls/history/00112233445566778899aabb'],
    ]) {
      const answer = await request(server(), user, method, path);
      assert.equal(answer.status, 405, `${method} ${path}`);
      assert.equal(answer.body.success, false);
      assert.equal(answer.body.code, 'method_not_allowed');
      assert.ok(answer.headers.get('allow'), 'no Allow header');
    }
  });

  it('400 for a body that is no JSON object', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    for (const body of ['{', '', 'null', '[]', '"text"', '{"receiverId":', '\u0000', '{"a":1}}']) {
      const path = '/api/calls/initiate';
      const { status, body: got } = await request(server(), user, 'POST', path, body);
      assert.equal(status, 400, JSON.stringify(body));
      assert.equal(got.success, false);
    }
  });

  it('413 for a body that is too large', { timeout: TEST_MS }, async () => {
    const body = JSON.stringify({ receiverId: 'x'.repeat(300000), callType: 'audio' });
    const path = '/api/calls/initiate';
    const answer = await request(server(), newUser('alice'), 'POST', path, body);
    assert.equal(answer.status, 413);
    assert.equal(answer.body.success, false);
    assert.equal(answer.body.code, 'body_too_large');
  });

  it('answers JSON, and is not to be cached', { timeout: TEST_MS }, async () => {
    const answer = await request(server(), newUser('alice'), 'GET', '/api/calls/history');
    assert.match(answer.headers.get('content-type'), /^application\/json/);
    assert.match(answer.headers.get('cache-control') ?? '', /no-store/);
  });

  it('lists the default STUN servers', { timeout: TEST_MS }, async () => {
    const body = await ok(server(), newUser('alice'), 'GET', '/api/calls/ice-servers');
    const urls = body.data.iceServers.flatMap((entry) => entry.urls);
    assert.deepEqual(urls, [
      'stun:stun.l.google.com:19302',
      'stun:stun.services.mozilla.com',
      'stun:stun.stunprotocol.org:3478',
    ]);
    const answer = await request(server(), null, 'GET', '/api/calls/ice-servers');
    assert.equal(answer.status, 401);
  });
});

describe('TURN', () => {
  let server;
  const started = async (more) => {
    server = await Server.start({
      env: { TURN_SERVER_URL: 'turn:turn.example.org:3478', ...more },
    });
    const body = await ok(server, 'alice', 'GET', '/api/calls/ice-servers');
    return body.data.iceServers.find((entry) => JSON.stringify(entry.urls).includes('turn:'));
  };
  before(() => (server = undefined));
  after(closeAll);

  it('gives time-limited credentials', { timeout: TEST_MS }, async () => {
    try {
      const turn = await started({ TURN_SECRET: 'turn secret' });
      const [expiry, user] = turn.username.split(':');
      assert.equal(user, 'alice');
      const hours = (Number(expiry) - Date.now() / 1000) / 3600;
      assert.ok(hours > 3.9 && hours < 4.1, `holds for ${hours} h`);
      const hmac = createHmac('sha1', 'turn secret').update(turn.username).digest('base64');
      assert.equal(turn.credential, hmac);
      assert.ok(!server.output.includes('turn secret'));
    } finally {
      await server?.stop();
    }
  });

  it('gives fixed credentials', { timeout: TEST_MS }, async () => {
    try {
      const turn = await started({ TURN_USERNAME: 'u', TURN_PASSWORD: 'p' });
      assert.deepEqual([turn.username, turn.credential], ['u', 'p']);
    } finally {
      await server?.stop();
    }
  });
});

suite('a call over REST', { env: noLimits, versions: ['latest'] }, ({ server }) => {
  it('is ended by REST when it was talked by socket', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    const body = await ok(server(), alice.user, 'POST', '/api/calls/end', { callId });
    assert.equal(body.data.status, 'completed');
    const again = await ok(server(), bob.user, 'POST', '/api/calls/end', { callId });
    assert.equal(again.data.status, 'completed');
    assert.equal(again.data.duration, body.data.duration);
  });

  it('is cancelled by REST', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await ring(alice, bob);
    const body = await ok(server(), alice.user, 'POST', '/api/calls/end', { callId });
    assert.equal(body.data.status, 'cancelled');
    assert.equal((await bob.next('callEnded')).reason, 'cancelled');
  });
});
