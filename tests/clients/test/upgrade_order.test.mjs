// Relays while both clients move from polling to WebSocket: all arrive, once, in the order sent.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hangUp, newUser, talk } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { noLimits, suite } from '../lib/suite.mjs';
import { UpgradeGate } from '../lib/upgrade_gate.mjs';
import { eventually } from '../lib/waiting.mjs';

const MESSAGES = 600;
const BIG = 400_000;

const env = {
  ...noLimits,
  LIMITS_FRAME_BYTES: '1000000',
  LIMITS_SDP_BYTES: '1000000',
  LIMITS_OUTBOX_MESSAGES: '0',
  LIMITS_OUTBOX_BYTES: '0',
};

/** The numbers that reached a device, in the order of arrival; the big one among them. */
const numbers = (device) =>
  device.events.flatMap(({ name, data }) => {
    if (name === 'receiveIceCandidate') return [data.candidate.n];
    if (name !== 'receiveOffer') return [];
    assert.equal(data.offer.sdp.length, BIG);
    return [data.offer.n];
  });

/** Sends message `n` of those that go from one to the other; the middle one is big. */
function send(from, to, callId, n) {
  const common = { to: to.user, callId };
  if (n !== MESSAGES / 2) from.emit('sendIceCandidate', { ...common, candidate: { n } });
  else from.emit('sendOffer', { ...common, offer: { n, sdp: 'x'.repeat(BIG) } });
}

suite('relays during the upgrade', { env }, ({ server, client }) => {
  // After how many of the messages the WebSockets may come: before all, among them, after all.
  for (const moment of [0, 10, 150, 299, 301, 450, 600]) {
    it(`${MESSAGES} each way, upgrade after ${moment}`, { timeout: 120000 }, async () => {
      const gates = [await UpgradeGate.open(server()), await UpgradeGate.open(server())];
      const options = { client, transports: undefined };
      const [alice, bob] = await Promise.all(
        gates.map((gate) => Device.open(gate.inFrontOf(server()), newUser('up'), options)),
      );
      const callId = await talk(alice, bob);
      await eventually('both WebSockets wait', () => gates.every((gate) => gate.waiting === 1));
      assert.deepEqual([alice.transport, bob.transport], ['polling', 'polling']);
      for (let n = 0; n < MESSAGES; ++n) {
        if (n === moment) for (const gate of gates) gate.release();
        send(alice, bob, callId, n);
        send(bob, alice, callId, n);
        // Now and then the sockets have their turn, so that the messages span the upgrade.
        if (n % 5 === 0) await new Promise((done) => setImmediate(done));
      }
      for (const gate of gates) gate.release();
      const all = Array.from({ length: MESSAGES }, (_, n) => n);
      for (const device of [alice, bob]) {
        await device.next('receiveIceCandidate', (d) => d.candidate.n === MESSAGES - 1, 60000);
        assert.deepEqual(numbers(device), all);
        await eventually('the upgrade is done', () => device.transport === 'websocket');
      }
      await hangUp(alice, bob, callId);
      assert.deepEqual([numbers(alice).length, numbers(bob).length], [MESSAGES, MESSAGES]);
      for (const gate of gates) gate.close();
    });
  }

  it(
    'many clients upgrade at once, in the midst of their messages',
    { timeout: 120000 },
    async () => {
      const options = { client, transports: undefined };
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          const gate = await UpgradeGate.open(server());
          const [alice, bob] = await Promise.all(
            ['a', 'b'].map((name) => Device.open(gate.inFrontOf(server()), newUser(name), options)),
          );
          const callId = await talk(alice, bob);
          for (let n = 0; n < 200; ++n) {
            if (n === 40) gate.release();
            for (const [from, to] of [
              [alice, bob],
              [bob, alice],
            ]) {
              from.emit('sendIceCandidate', { to: to.user, callId, candidate: { n } });
            }
            if (n % 10 === 0) await new Promise((done) => setTimeout(done, 2));
          }
          for (const device of [alice, bob]) {
            await device.next('receiveIceCandidate', (data) => data.candidate.n === 199, 60000);
            assert.deepEqual(
              numbers(device),
              Array.from({ length: 200 }, (_, n) => n),
            );
          }
          gate.close();
        }),
      );
    },
  );
});
