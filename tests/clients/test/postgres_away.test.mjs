// PostgreSQL goes away and comes back: a proxy between it and the server is cut.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { fenceByRelay, newUser, pair, talk } from '../lib/calls.mjs';
import { closeAll, settled } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import {
  addressOf,
  postgresUrl,
  scratchDatabase,
  skipPostgres,
  withDatabase,
} from '../lib/postgres.mjs';
import { CuttableProxy } from '../lib/proxy.mjs';
import { history, ok, recordOf, request } from '../lib/rest.mjs';
import { Server } from '../lib/server.mjs';
import { noLimits, TEST_MS } from '../lib/suite.mjs';
import { eventually } from '../lib/waiting.mjs';

describe('while PostgreSQL is away', { skip: skipPostgres }, () => {
  let database;
  let proxy;
  let server;

  before(async () => {
    database = await scratchDatabase();
    proxy = await CuttableProxy.open(addressOf(postgresUrl));
    settled(proxy); // it stays for all tests
  });
  beforeEach(async () => {
    const address = { host: '127.0.0.1', port: proxy.port };
    const databaseUrl = withDatabase(postgresUrl, database.name, address);
    server = await Server.start({ databaseUrl, env: noLimits });
  });
  afterEach(async () => {
    await closeAll();
    proxy.mend();
    await server?.stop();
  });
  after(async () => {
    proxy?.close();
    await database?.drop();
  });

  /** Waits until the server can read again. */
  const readable = (user) =>
    eventually(
      'the history can be read',
      async () => (await request(server, user, 'GET', '/api/calls/history')).status === 200,
      30000,
      200,
    );

  it(
    'calls go on, reads are 503, and all is stored once afterwards',
    { timeout: 2 * TEST_MS },
    async () => {
      const { alice, bob } = await pair(server);
      const callId = await talk(alice, bob);
      proxy.cut();
      await fenceByRelay(alice, bob, callId);
      await fenceByRelay(bob, alice, callId);
      const answer = await request(server, alice.user, 'GET', '/api/calls/history');
      assert.equal(answer.status, 503);
      assert.equal(answer.body.success, false);
      assert.equal(answer.body.code, 'store_unavailable');
      assert.match(answer.headers.get('retry-after') ?? '(none)', /^[1-9]\d*$/);
      bob.emit('endCall', { callId });
      await alice.next('callEnded');
      assert.equal((await bob.next('callEndedConfirm')).status, 'completed');
      // A new call between users who are here.
      const second = await talk(bob, alice);
      await fenceByRelay(alice, bob, second);
      proxy.mend();
      await readable(alice.user);
      assert.equal((await recordOf(server, alice.user, callId)).status, 'completed');
      assert.equal((await recordOf(server, alice.user, second)).status, 'active');
      await alice.must('endCall', { callId: second });
      const page = await history(server, bob.user);
      assert.deepEqual(
        page.data.map((call) => [call._id, call.status]),
        [
          [second, 'completed'],
          [callId, 'completed'],
        ],
      );
    },
  );

  it('a crash meanwhile loses nothing that was confirmed', { timeout: 2 * TEST_MS }, async () => {
    const { alice, bob } = await pair(server);
    const callId = await talk(alice, bob);
    proxy.cut();
    bob.emit('endCall', { callId });
    await bob.next('callEndedConfirm');
    await bob.next('callEnded');
    await alice.next('callEnded');
    alice.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
    const { callId: second } = await alice.next('callInitiated');
    await server.crash();
    await closeAll();
    proxy.mend();
    await server.launch();
    await readable(alice.user);
    assert.equal((await recordOf(server, alice.user, callId)).status, 'completed');
    assert.ok(await recordOf(server, bob.user, second));
  });

  it('a stop meanwhile is a clean one', { timeout: 2 * TEST_MS }, async () => {
    const { alice, bob } = await pair(server);
    const callId = await talk(alice, bob);
    proxy.cut();
    await alice.must('endCall', { callId });
    await server.terminate();
    proxy.mend();
    await server.launch();
    await readable(alice.user);
    assert.equal((await recordOf(server, alice.user, callId)).status, 'completed');
  });

  it('a hanging PostgreSQL does not stop the calls either', { timeout: 2 * TEST_MS }, async () => {
    const { alice, bob } = await pair(server);
    const callId = await talk(alice, bob);
    proxy.freeze();
    await fenceByRelay(alice, bob, callId);
    bob.emit('endCall', { callId });
    await alice.next('callEnded');
    proxy.mend();
    await bob.next('callEndedConfirm', () => true, 40000);
    await readable(alice.user);
    await ok(server, alice.user, 'GET', '/api/calls/missed');
    assert.equal((await recordOf(server, alice.user, callId)).status, 'completed');
    await Device.open(server, newUser('carol'));
  });
});
