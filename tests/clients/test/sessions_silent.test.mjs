// A device in a session whose network hangs, at the default times: noticed soon enough.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { behindProxy } from '../lib/blinks.mjs';
import { newUser } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { assemble, crowd, fenceAll, idOf, nextOf, noticedGone } from '../lib/sessions.mjs';
import { noLimits, suite, TEST_MS } from '../lib/suite.mjs';

const env = { ...noLimits, RECONNECT_GRACE_SECONDS: '2' };

suite('a silent device', { env, versions: ['latest'] }, ({ server }) => {
  it('in a session is noticed within 30 s', { timeout: TEST_MS }, async () => {
    const { proxy, behind } = await behindProxy(server());
    const [alice, carol] = await crowd(server(), 2);
    const bob = await Device.open(behind, newUser('bob'));
    const { sessionId } = await assemble(server(), [alice, bob, carol]);
    await fenceAll([alice, bob, carol], sessionId);
    const before = idOf(bob);
    const begun = Date.now();
    proxy.freeze();
    await noticedGone(server(), bob, 30000);
    assert.ok(Date.now() - begun < 30000, `noticed after ${Date.now() - begun} ms`);
    for (const device of [alice, carol]) {
      const told = await nextOf(device, sessionId, 'user_left_call');
      assert.deepEqual([told.socketId, told.reason], [before, 'connection-lost']);
    }
    // Those who answer their pings are still there.
    await fenceAll([alice, carol], sessionId);
    for (const device of [alice, carol]) assert.deepEqual(device.takeNames(), []);
    proxy.close();
  });
});
