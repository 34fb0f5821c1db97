// Devices that are silent: noticed soon while they are in a call, later when they only wait.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fenceByRelay, newUser, pair, proveAlive, talk } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { RawDevice } from '../lib/raw.mjs';
import { suite, TEST_MS } from '../lib/suite.mjs';

const quick = ['--ping-interval-ms', '400', '--ping-timeout-ms', '400'];

suite('a heartbeat', { args: quick }, ({ server, client }) => {
  it('keeps those who answer and gives up one who does not', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    // A silent device is given up after some pings; the two that answered them are still there.
    const silent = await RawDevice.open(server(), newUser('carol'));
    silent.answersPings = false;
    await silent.end();
    await fenceByRelay(alice, bob, callId);
    await fenceByRelay(bob, alice, callId);
    const names = [...alice.events, ...bob.events].map((event) => event.name);
    assert.ok(!names.includes('(disconnect)') && !names.includes('peerReconnecting'));
  });
});

suite('a heartbeat of the default times', { versions: ['latest'] }, ({ server }) => {
  it(
    'announces 25 and 20 s, and notices a silent device in a call',
    { timeout: TEST_MS },
    async () => {
      const alice = await Device.open(server(), newUser('alice'));
      const user = newUser('bob');
      const bob = new RawDevice(server());
      const handshake = JSON.parse((await bob.next((text) => text.startsWith('0'))).slice(1));
      assert.equal(handshake.pingInterval, 25000);
      assert.equal(handshake.pingTimeout, 20000);
      assert.equal(handshake.maxPayload, 131072);
      bob.close();

      const silent = await RawDevice.open(server(), user);
      silent.answersPings = false;
      alice.emit('initiateCall', { receiverId: user, callType: 'audio' });
      const { callId } = await alice.next('callInitiated');
      silent.send(`42["acceptCall",{"callId":"${callId}"}]`);
      await alice.next('callAccepted');
      const begun = Date.now();
      assert.deepEqual(await alice.next('peerReconnecting', () => true, 30000), {
        callId,
        userId: user,
      });
      assert.ok(Date.now() - begun < 25000, `noticed after ${Date.now() - begun} ms`);
      await silent.end();
      const back = await Device.open(server(), user);
      await alice.next('peerReconnected');
      await fenceByRelay(alice, back, callId);
      await proveAlive(server());
    },
  );
});
