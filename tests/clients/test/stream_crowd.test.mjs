// Eight who chat in a session while some of them drop and return, and while the server is killed:
// one order for everybody, nothing lost, nothing twice.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { behindProxy, returning } from '../lib/blinks.mjs';
import { newUser } from '../lib/calls.mjs';
import {
  channelOf,
  heardBy,
  hears,
  idsOf,
  joinedUp,
  messagesIn,
  page,
  refusedEvent,
  sameMessages,
  say,
  since,
  wholeOf,
} from '../lib/chat.mjs';
import { Device } from '../lib/device.mjs';
import { PlainDevice } from '../lib/plain_device.mjs';
import { skipPostgres } from '../lib/postgres.mjs';
import { assemble, endSession, enter, initiate, nextOf } from '../lib/sessions.mjs';
import { bothStores, TEST_MS, withServer } from '../lib/suite.mjs';
import { within } from '../lib/waiting.mjs';

const MEMBERS = 8;

/** One after the other says `count` messages, whatever the others do. */
async function chatter(device, channelId, count, from = 0) {
  for (let n = from; n < from + count; ++n) await say(device, channelId, `${device.user} ${n}`);
}

/** The messages of each keep the order in which they were sent. */
function ownOrders(messages) {
  const last = new Map();
  for (const { userId, text } of messages) {
    const n = Number(text.split(' ')[1]);
    assert.equal(n, (last.get(userId) ?? -1) + 1, `${userId}: ${n}`);
    last.set(userId, n);
  }
}

/**
 * Sends until it is confirmed, over connections that break: what was sent is sent again under its
 * id. The message.
 */
async function persist(device, channelId, text, id) {
  const { socket } = device;
  for (;;) {
    if (!socket.connected) await new Promise((done) => socket.once('connect', done));
    const ack = await new Promise((done) => {
      const lost = () => done(null);
      socket.once('disconnect', lost);
      socket.emit('sendMessage', { channelId, text, id }, (answer) => {
        socket.off('disconnect', lost);
        done(answer);
      });
    });
    if (ack === null) continue;
    assert.equal(ack.ok, true, JSON.stringify(ack));
    return ack.message;
  }
}

for (const store of bothStores) {
  const skip = store === 'postgres' ? skipPostgres : false;

  describe(`eight in a session chat (${store})`, { skip }, () => {
    it(
      'in one order, while two of them drop and return',
      { timeout: 2 * TEST_MS },
      withServer(store, {}, async (server) => {
        const { proxy, behind } = await behindProxy(server);
        const devices = await Promise.all(
          Array.from({ length: MEMBERS }, (_, n) => {
            if (n < 2) return Device.open(behind, newUser(`p${n}`), returning);
            const kind = n % 2 === 0 ? PlainDevice : Device;
            return kind.open(server, newUser(`p${n}`));
          }),
        );
        const [first, second, ...others] = devices;
        const { sessionId } = await assemble(server, [...others, first, second]);
        const channelId = channelOf(sessionId);

        await Promise.all(devices.map((device) => chatter(device, channelId, 20)));
        const from = [first, second].map(({ events }) => events.length);
        proxy.cut();
        for (const device of [first, second]) await device.next('(disconnect)');
        // More than is kept for the one who is away: both ask for what they missed.
        await Promise.all(others.map((device) => chatter(device, channelId, 15, 20)));
        const busy = others.map((device) => chatter(device, channelId, 15, 35));
        proxy.mend();
        await Promise.all(
          [first, second].map(async (device) => {
            await device.next('(connect)');
            await device.next('callState');
            await chatter(device, channelId, 30, 20);
          }),
        );
        await Promise.all(busy);

        const whole = await wholeOf(server, others[0], channelId);
        assert.equal(whole.length, MEMBERS * 50);
        ownOrders(whole);
        for (const device of others) {
          await hears(device, channelId, whole.at(-1).id);
          sameMessages(heardBy(device, channelId), whole, device.user);
        }
        for (const [n, device] of [first, second].entries()) {
          await hears(device, channelId, whole.at(-1).id);
          const known = messagesIn(device.events.slice(0, from[n]), channelId);
          const heard = messagesIn(device.events.slice(from[n]), channelId);
          if (device.socket.recovered) {
            sameMessages([...known, ...heard], whole, device.user);
          } else {
            const missed = await since(server, device, channelId, known.at(-1).id);
            sameMessages(joinedUp(known, missed, heard), whole, device.user);
          }
        }
        // Every page of it, forwards, is the same.
        const later = await since(server, first, channelId, whole[0].id, 7);
        sameMessages([whole[0], ...later], whole);
        proxy.close();
      }),
    );

    it(
      'and lose nothing when the server is killed',
      { timeout: 2 * TEST_MS },
      withServer(store, {}, async (server) => {
        const users = Array.from({ length: MEMBERS }, (_, n) => newUser(`p${n}`));
        const open = (user) => Device.open(server, user, returning);
        const devices = await Promise.all(users.map(open));
        const { sessionId } = await assemble(server, devices);
        const channelId = channelOf(sessionId);
        const confirmed = [];
        const half = MEMBERS * 20;
        let reached;
        const middle = new Promise((done) => (reached = done));
        const talking = devices.map(async (device) => {
          for (let n = 0; n < 50; ++n) {
            const text = `${device.user} ${n}`;
            const message = await persist(device, channelId, text, `${device.user}-${n}`);
            assert.deepEqual([message.userId, message.text], [device.user, text]);
            confirmed.push(message);
            if (confirmed.length === half) reached();
          }
        });
        await within(middle, 'half of the messages', TEST_MS, () => devices[0].describe());
        await server.crash();
        await server.launch();
        await within(Promise.all(talking), 'the rest', TEST_MS, () => devices[0].describe());

        const whole = await wholeOf(server, users[0], channelId);
        assert.equal(whole.length, MEMBERS * 50);
        assert.equal(new Set(idsOf(whole)).size, whole.length);
        ownOrders(whole);
        const byId = new Map(whole.map((message) => [message.id, message]));
        for (const message of confirmed) assert.deepEqual(byId.get(message.id), message);
        // What a device heard is the whole, but for what was said while it was not connected.
        const places = new Map(whole.map(({ id }, n) => [id, n]));
        const last = await say(devices[0], channelId, 'end');
        for (const device of devices) {
          await hears(device, channelId, last.id);
          const heard = idsOf(heardBy(device, channelId)).slice(0, -1);
          const order = heard.map((id) => places.get(id));
          assert.deepEqual(
            order,
            [...new Set(order)].sort((a, b) => a - b),
            device.user,
          );
        }
      }),
    );

    it(
      'also those who never joined, and not who was not named',
      { timeout: TEST_MS },
      withServer(store, {}, async (server) => {
        const [alice, bob, carol, eve] = await Promise.all(
          ['alice', 'bob', 'carol', 'eve'].map((name) => Device.open(server, newUser(name))),
        );
        const { sessionId } = await initiate(server, alice, [bob, carol]);
        await enter(alice, sessionId);
        await enter(bob, sessionId);
        const channelId = channelOf(sessionId);
        const said = [await say(carol, channelId, 'I cannot come')];
        said.push(await say(alice, channelId, 'then read along'));
        for (const device of [alice, bob, carol]) {
          await hears(device, channelId, said[1].id);
          sameMessages(heardBy(device, channelId), said, device.user);
        }
        const what = { channelId, text: 'me too' };
        await refusedEvent(eve, 'sendMessage', what, 'not_authorized');
        await endSession(server, alice, sessionId);
        for (const device of [alice, bob]) {
          await nextOf(device, sessionId, 'call_session_ended');
          await refusedEvent(device, 'sendMessage', what, 'channel_closed');
        }
        sameMessages((await page(server, carol, channelId)).messages, said);
        // The same after a restart, when nobody remembers the channel.
        await server.terminate();
        await server.launch();
        sameMessages((await page(server, bob, channelId)).messages, said);
      }),
    );
  });
}
