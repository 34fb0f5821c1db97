// PostgreSQL goes away and comes back: a proxy between it and the server is cut.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withStoreBehindProxy } from '../lib/away.mjs';
import { fenceByRelay, newUser, pair, talk } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { history, ok, recordOf, request } from '../lib/rest.mjs';
import { noLimits, TEST_MS } from '../lib/suite.mjs';
import { eventually } from '../lib/waiting.mjs';

withStoreBehindProxy('while PostgreSQL is away', noLimits, (site) => {
  /** Waits until the server can read again. */
  const readable = (user) =>
    eventually(
      'the history can be read',
      async () => (await request(site.server, user, 'GET', '/api/calls/history')).status === 200,
      30000,
      200,
    );

  it(
    'calls go on, reads are 503, and all is stored once afterwards',
    { timeout: 2 * TEST_MS },
    async () => {
      const { alice, bob } = await pair(site.server);
      const callId = await talk(alice, bob);
      site.proxy.cut();
      await fenceByRelay(alice, bob, callId);
      await fenceByRelay(bob, alice, callId);
      const answer = await request(site.server, alice.user, 'GET', '/api/calls/history');
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
      site.proxy.mend();
      await readable(alice.user);
      assert.equal((await recordOf(site.server, alice.user, callId)).status, 'completed');
      assert.equal((await recordOf(site.server, alice.user, second)).status, 'active');
      await alice.must('endCall', { callId: second });
      const page = await history(site.server, bob.user);
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
    const { alice, bob } = await pair(site.server);
    const callId = await talk(alice, bob);
    site.proxy.cut();
    bob.emit('endCall', { callId });
    await bob.next('callEndedConfirm');
    await bob.next('callEnded');
    await alice.next('callEnded');
    alice.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
    const { callId: second } = await alice.next('callInitiated');
    await site.server.crash();
    await closeAll();
    site.proxy.mend();
    await site.server.launch();
    await readable(alice.user);
    assert.equal((await recordOf(site.server, alice.user, callId)).status, 'completed');
    assert.ok(await recordOf(site.server, bob.user, second));
  });

  it('a stop meanwhile is a clean one', { timeout: 2 * TEST_MS }, async () => {
    const { alice, bob } = await pair(site.server);
    const callId = await talk(alice, bob);
    site.proxy.cut();
    await alice.must('endCall', { callId });
    await site.server.terminate();
    site.proxy.mend();
    await site.server.launch();
    await readable(alice.user);
    assert.equal((await recordOf(site.server, alice.user, callId)).status, 'completed');
  });

  it('a hanging PostgreSQL does not stop the calls either', { timeout: 2 * TEST_MS }, async () => {
    const { alice, bob } = await pair(site.server);
    const callId = await talk(alice, bob);
    site.proxy.freeze();
    await fenceByRelay(alice, bob, callId);
    bob.emit('endCall', { callId });
    await alice.next('callEnded');
    site.proxy.mend();
    await bob.next('callEndedConfirm', () => true, 40000);
    await readable(alice.user);
    await ok(site.server, alice.user, 'GET', '/api/calls/missed');
    assert.equal((await recordOf(site.server, alice.user, callId)).status, 'completed');
    await Device.open(site.server, newUser('carol'));
  });
});
