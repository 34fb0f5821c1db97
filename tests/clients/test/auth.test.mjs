// Who may come in, by each of the ways in which a token can be brought.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { fenceByRelay, newUser, pair, ring, talk } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { request } from '../lib/rest.mjs';
import { Server } from '../lib/server.mjs';
import { suite, TEST_MS } from '../lib/suite.mjs';
import { hs256, rawToken, SECRET, token, tokenExpiring } from '../lib/token.mjs';

const hour = () => Math.floor(Date.now() / 1000) + 3600;

/** Tokens that must not pass, by what is wrong with them. */
function badTokens(user) {
  const good = token(user);
  const [header, claims, signature] = good.split('.');
  const forged = Buffer.from(JSON.stringify({ sub: 'admin', exp: hour() })).toString('base64url');
  const flipped = (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1);
  const none = (alg) => rawToken({ alg, typ: 'JWT' }, { sub: user, exp: hour() }, () => '');
  const sha512 = (text) => createHmac('sha512', SECRET).update(text).digest('base64url');
  return {
    'expired for longer than the leeway': tokenExpiring(user, -120),
    'not valid yet': token(user, { nbf: hour() }),
    'alg none': none('none'),
    'alg None': none('NONE'),
    'alg none with the signature of another': `${none('none')}${signature}`,
    'another secret': token(user, {}, 'some other secret that is long enough, too'),
    'claims changed after signing': `${header}.${forged}.${signature}`,
    'signature changed': `${header}.${claims}.${flipped}`,
    'signature missing': `${header}.${claims}.`,
    'signature cut': good.slice(0, -4),
    'another algorithm of the same key': rawToken(
      { alg: 'HS512' },
      { sub: user, exp: hour() },
      sha512,
    ),
    'header claims RS256': rawToken({ alg: 'RS256' }, { sub: user, exp: hour() }, hs256(SECRET)),
    garbage: 'garbage',
    'three dots': '...',
    'not base64': '!!!.???.###',
    'a long text': 'a'.repeat(5000),
    'no user id': rawToken({ alg: 'HS256' }, { exp: hour() }, hs256(SECRET)),
    'empty user id': token('', {}),
    'user id with spaces': token('al ice', {}),
    'user id too long': token('u'.repeat(129), {}),
    'claims that are no object': rawToken({ alg: 'HS256' }, [1, 2], hs256(SECRET)),
  };
}

suite('tokens', { env: { LIMITS_AUTH_FAILURES: '0' } }, ({ server, client }) => {
  it('refuses bad ones in CONNECT', { timeout: TEST_MS }, async () => {
    for (const [what, bad] of Object.entries(badTokens(newUser('eve')))) {
      const device = new Device(server(), 'eve', { client, auth: { token: bad } });
      assert.equal(await device.refused(), 'Authentication error', what);
      assert.equal(device.socket.connected, false);
      device.close();
    }
  });

  it('refuses bad ones over REST', { timeout: TEST_MS }, async () => {
    const wanted = { status: 401, success: false };
    for (const [what, bad] of Object.entries(badTokens(newUser('eve')))) {
      const { status, body } = await request(server(), { token: bad }, 'GET', '/api/calls/history');
      assert.deepEqual({ status, success: body.success }, wanted, what);
      assert.equal(typeof body.message, 'string');
    }
    for (const headers of [
      {},
      { authorization: 'Bearer' },
      { authorization: token('eve') },
      { authorization: `Basic ${Buffer.from('eve:pw').toString('base64')}` },
    ]) {
      const answer = await request(server(), null, 'GET', '/api/calls/history', undefined, headers);
      assert.deepEqual({ status: answer.status, success: answer.body.success }, wanted);
    }
  });

  it('refuses bad ones in authenticate', { timeout: TEST_MS }, async () => {
    for (const [what, bad] of Object.entries(badTokens(newUser('eve'))).slice(0, 8)) {
      const device = await new Device(server(), 'eve', { client, auth: null }).connected();
      device.emit('authenticate', { token: bad });
      const told = await device.next('authentication_error');
      assert.equal(typeof told.message, 'string', what);
      device.close();
    }
  });

  it('accepts the Authorization header and the query', { timeout: TEST_MS }, async () => {
    const [alice, bob] = [newUser('alice'), newUser('bob')];
    const caller = await Device.open(server(), alice, {
      client,
      auth: null,
      extraHeaders: { Authorization: `Bearer ${token(alice)}` },
    });
    const receiver = await Device.open(server(), bob, {
      client,
      auth: null,
      query: { token: token(bob) },
    });
    await ring(caller, receiver);
  });

  it('prefers the token of CONNECT', { timeout: TEST_MS }, async () => {
    const [alice, bob] = [newUser('alice'), newUser('bob')];
    const device = await Device.open(server(), alice, { client, query: { token: token(bob) } });
    const receiver = await Device.open(server(), newUser('carol'), { client });
    device.emit('initiateCall', { receiverId: receiver.user, callType: 'audio' });
    assert.equal((await receiver.next('incomingCall')).callerId, alice);
  });

  it('connects with none and authenticates later', { timeout: TEST_MS }, async () => {
    for (const wrap of [(text) => text, (text) => ({ token: text })]) {
      const [alice, bob] = [
        newUser('alice'),
        await Device.open(server(), newUser('bob'), { client }),
      ];
      const device = await new Device(server(), alice, { client, auth: null }).connected();
      const early = await device.ask('initiateCall', { receiverId: bob.user, callType: 'audio' });
      assert.equal(early.ok, false);
      assert.equal(early.code, 'not_authenticated');
      device.emit('authenticate', wrap(token(alice)));
      const told = await device.next('authenticated');
      assert.deepEqual(told, { userId: alice, socketId: device.socket.id });
      assert.deepEqual(await device.next('callState'), { calls: [] });
      await ring(device, bob);
    }
  });

  it(
    'is not undone by a failed authenticate before the right one',
    { timeout: TEST_MS },
    async () => {
      const user = newUser('alice');
      const device = await new Device(server(), user, { client, auth: null }).connected();
      device.emit('authenticate', 'wrong');
      await device.next('authentication_error');
      device.emit('authenticate', token(user));
      assert.equal((await device.next('authenticated')).userId, user);
    },
  );

  it('tells when a token expires, and takes a fresh one', { timeout: TEST_MS }, async () => {
    const { bob } = await pair(server(), { client });
    const user = newUser('alice');
    const options = { client, auth: { token: tokenExpiring(user, -58) } };
    const device = await Device.open(server(), user, options);
    const callId = await talk(device, bob);
    await device.next('token_expired');
    // Another user's token does not do.
    device.emit('authenticate', { token: token(newUser('mallory')) });
    await device.next('authentication_error');
    device.emit('authenticate', { token: token(user) });
    assert.equal((await device.next('authenticated')).userId, user);
    // The call never noticed.
    await fenceByRelay(device, bob, callId);
    await fenceByRelay(bob, device, callId);
    assert.deepEqual(
      bob.takeNames().filter((name) => name.startsWith('peer')),
      [],
    );
  });

  it('takes the user id from the first claim there is', { timeout: TEST_MS }, async () => {
    const bob = await Device.open(server(), newUser('bob'), { client });
    const names = ['sub', 'user_id', 'userId', 'id', '_id'];
    for (let i = 0; i < names.length; ++i) {
      const users = names.map((name) => newUser(name.replaceAll('_', '')));
      const claims = Object.fromEntries(names.slice(i).map((name, k) => [name, users[i + k]]));
      const made = rawToken({ alg: 'HS256' }, { ...claims, exp: hour() }, hs256(SECRET));
      const device = await Device.open(server(), users[i], { client, auth: { token: made } });
      device.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
      const { callId, callerId } = await bob.next('incomingCall');
      assert.equal(callerId, users[i]);
      await device.must('endCall', { callId });
      device.close();
      bob.forget();
    }
  });
});

describe('a socket without a token', () => {
  let server;
  before(async () => {
    server = await Server.start();
  });
  after(async () => {
    await closeAll();
    await server?.stop();
  });

  it('is disconnected after ten seconds', { timeout: TEST_MS }, async () => {
    const begun = Date.now();
    const device = await new Device(server, 'nobody', { auth: null }).connected();
    await device.next('(disconnect)', () => true, 20000);
    const took = Date.now() - begun;
    assert.ok(took >= 9000 && took <= 15000, `after ${took} ms`);
  });
});
