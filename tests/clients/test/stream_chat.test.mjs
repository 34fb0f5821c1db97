// Two people who chat in a direct call, on several devices: who hears what, in which order, what
// comes after an absence, and that nothing is said twice.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { behindProxy, pairWithProxy, returning } from '../lib/blinks.mjs';
import { fenceByRing, hangUp, newUser, pair, ring, talk } from '../lib/calls.mjs';
import {
  channelOf,
  checkMessage,
  heardBy,
  hears,
  idsOf,
  joinedUp,
  messagesIn,
  must,
  page,
  post,
  refusedEvent,
  refusedOf,
  sameMessages,
  say,
  since,
  wholeOf,
} from '../lib/chat.mjs';
import { Device } from '../lib/device.mjs';
import { PlainDevice } from '../lib/plain_device.mjs';
import { bothStores, noLimits, suite, TEST_MS } from '../lib/suite.mjs';

/** Texts that are awkward on the way. */
const texts = ['hello', 'a "quoted" \\ text\n', 'naïve 𝄞 🇨🇭 \u0001\u2028', '{"stamp":1}', ' '];

suite('chat in a direct call', { stores: bothStores, env: noLimits }, ({ server, client }) => {
  const open = (user, kind = Device) => kind.open(server(), user, { client });

  it('reaches every device of both, from the ring to the end', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const devices = [alice, bob, await open(alice.user, PlainDevice), await open(bob.user)];
    devices.push(await open(bob.user, PlainDevice));
    const callId = await ring(alice, bob);
    const channelId = channelOf(callId);
    const said = [await say(alice, channelId, 'before you answer')];
    await bob.must('acceptCall', { callId });
    await alice.next('callAccepted');
    for (const [n, text] of texts.entries()) {
      const from = devices[n % devices.length];
      said.push(await say(from, channelId, text));
      said.push(await post(server(), devices[(n + 1) % devices.length], channelId, text));
    }
    for (const device of devices) {
      await hears(device, channelId, said.at(-1).id);
      sameMessages(heardBy(device, channelId), said, device.user);
    }
    sameMessages((await page(server(), bob, channelId)).messages, said);
    const times = said.map(({ createdAt }) => createdAt);
    assert.deepEqual(times, [...times].sort());
    await hangUp(alice, bob, callId);
  });

  it('is for the two of them alone', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const eve = await open(newUser('eve'));
    const callId = await talk(alice, bob);
    const channelId = channelOf(callId);
    const ack = await refusedEvent(eve, 'sendMessage', { channelId, text: 'x' }, 'not_authorized');
    assert.deepEqual([ack.error, ack.channelId], ['Not authorized', channelId]);
    await refusedEvent(eve, 'message.read', { channelId, id: 'x' }, 'not_authorized');
    const body = { channelId, text: 'x' };
    const code = 'not_authorized';
    await refusedOf(server(), eve, 'POST', '/message/send', body, 403, code);
    const { id } = await say(alice, channelId, 'only for Bob');
    await hears(bob, channelId, id);
    await hangUp(alice, bob, callId);
    await refusedEvent(eve, 'sendMessage', { channelId, text: 'x' }, 'not_authorized');
    await fenceByRing(eve);
    assert.deepEqual(heardBy(eve, channelId), []);
    assert.deepEqual(idsOf(heardBy(bob, channelId)), [id]);
  });

  it('tells the other how far one has read', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const also = await open(alice.user, PlainDevice);
    const callId = await talk(alice, bob);
    const channelId = channelOf(callId);
    const { id } = await say(alice, channelId, 'read this');
    await hears(bob, channelId, id);
    assert.deepEqual(await bob.must('message.read', { channelId, id }), { ok: true });
    for (const device of [alice, also]) {
      const told = await device.next('message.read');
      assert.deepEqual(told, { channelId, id, userId: bob.user });
    }
    await refusedEvent(bob, 'message.read', { id }, 'channel_id_required');
    await refusedEvent(bob, 'message.read', { channelId }, 'message_id_required');
    const nowhere = channelOf(newUser('nowhere'));
    await refusedEvent(bob, 'message.read', { channelId: nowhere, id }, 'channel_not_found');
    // After the end too, and never to the one who read.
    await hangUp(alice, bob, callId);
    await bob.must('message.read', { channelId, id: 'any' });
    assert.equal((await alice.next('message.read')).id, 'any');
    await fenceByRing(bob);
    assert.ok(bob.events.every(({ name }) => name !== 'message.read'));
  });

  it('is over with the call, and is read on', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    for (const how of ['hung up', 'rejected', 'cancelled']) {
      const callId = await (how === 'hung up' ? talk(alice, bob) : ring(alice, bob));
      const channelId = channelOf(callId);
      const said = [await say(alice, channelId, 'first', { id: 'mine' })];
      said.push(await say(bob, channelId, 'last'));
      if (how === 'rejected') await bob.must('rejectCall', { callId });
      else await alice.must('endCall', { callId });
      for (const device of [alice, bob]) {
        await refusedEvent(device, 'sendMessage', { channelId, text: 'late' }, 'channel_closed');
        const body = { channelId, text: 'late' };
        await refusedOf(server(), device, 'POST', '/message/send', body, 409, 'channel_closed');
        sameMessages((await page(server(), device, channelId)).messages, said, how);
      }
      // What was said can be said again.
      const again = await alice.must('sendMessage', { channelId, text: 'other', id: 'mine' });
      assert.deepEqual(again.message, said[0]);
    }
  });

  it('takes the same id again as the first message', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    const channelId = channelOf(callId);
    const id = newUser('id');
    // All at once, so that some come before the first is stored.
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => {
        const body = { channelId, text: `${n}`, id };
        if (n % 2 === 0) return alice.must('sendMessage', body);
        return must(server(), alice, 'POST', '/message/send', body);
      }),
    );
    answers.push(await alice.must('sendMessage', { channelId, text: 'later', id }));
    const first = checkMessage(answers[0].message, { id, channelId, userId: alice.user });
    for (const { message } of answers) assert.deepEqual(message, first);
    const taken = { channelId, text: 'mine', id };
    await refusedEvent(bob, 'sendMessage', taken, 'message_id_taken');
    await refusedOf(server(), bob, 'POST', '/message/send', taken, 409, 'message_id_taken');
    const last = await say(bob, channelId, 'end');
    for (const device of [alice, bob]) {
      await hears(device, channelId, last.id);
      sameMessages(heardBy(device, channelId), [first, last], device.user);
    }
    // Ids are each channel's own.
    await hangUp(alice, bob, callId);
    const second = await talk(bob, alice);
    const other = await say(bob, channelOf(second), 'mine', { id });
    assert.equal(other.userId, bob.user);
  });

  it('keeps what was sent without waiting, in order', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    const channelId = channelOf(callId);
    const count = 150;
    const sent = [alice, bob].map((device) =>
      Promise.all(
        Array.from({ length: count }, (_, n) =>
          device.must('sendMessage', { channelId, text: `${n}` }),
        ),
      ),
    );
    const acks = (await Promise.all(sent)).map((all) => all.map(({ message }) => message));
    const whole = await wholeOf(server(), alice, channelId);
    assert.equal(whole.length, 2 * count);
    for (const [n, device] of [alice, bob].entries()) {
      assert.deepEqual(idsOf(acks[n]), idsOf(whole.filter(({ userId }) => userId === device.user)));
      assert.deepEqual(
        acks[n].map(({ text }) => Number(text)),
        [...acks[n].keys()],
      );
      await hears(device, channelId, whole.at(-1).id);
      sameMessages(heardBy(device, channelId), whole, device.user);
    }
    await hangUp(bob, alice, callId);
  });
});

for (const store of bothStores) {
  const only = { stores: [store], env: noLimits, versions: ['latest'] };
  suite('chat when one is away', only, ({ server }) => {
    /** Bob goes, Alice says `count` messages of about `size` characters, and Bob comes back. */
    async function absence(count, size, kind = Device) {
      const { alice, bob, proxy } = await pairWithProxy(server(), {}, returning);
      const watch = await kind.open(server(), alice.user);
      const callId = await talk(alice, bob);
      const channelId = channelOf(callId);
      const first = await say(bob, channelId, 'I am here');
      await hears(bob, channelId, first.id);
      proxy.cut();
      await bob.next('(disconnect)');
      await alice.next('peerReconnecting');
      const from = bob.events.length;
      const sent = Array.from({ length: count }, (_, n) => `${n} ${'x'.repeat(size)}`);
      await Promise.all(sent.map((text) => say(alice, channelId, text)));
      proxy.mend();
      await bob.next('(connect)');
      await bob.next('callState');
      await alice.next('peerReconnected');
      const last = await say(watch, channelId, 'welcome back');
      await hears(bob, channelId, last.id);
      const known = messagesIn(bob.events.slice(0, from), channelId);
      const heard = messagesIn(bob.events.slice(from), channelId);
      const whole = await wholeOf(server(), alice, channelId);
      assert.equal(whole.length, count + 2);
      sameMessages(heardBy(watch, channelId), whole, 'who stayed');
      const missed = await since(server(), bob, channelId, known.at(-1).id);
      await hangUp(alice, bob, callId);
      proxy.close();
      return { recovered: bob.socket.recovered, known, heard, missed, whole };
    }

    it('resumes with what was said meanwhile', { timeout: TEST_MS }, async () => {
      const { recovered, known, heard, whole } = await absence(100, 0);
      assert.equal(recovered, true);
      sameMessages([...known, ...heard], whole);
    });

    it('asks for it when it was more than is kept', { timeout: TEST_MS }, async () => {
      const { recovered, known, heard, missed, whole } = await absence(300, 0, PlainDevice);
      assert.equal(recovered, false);
      assert.equal(heard.length, 1, 'what came after the return alone');
      sameMessages(joinedUp(known, missed, heard), whole);
    });

    it('or when it was too much', { timeout: TEST_MS }, async () => {
      const { recovered, known, heard, missed, whole } = await absence(280, 4000);
      assert.equal(recovered, false);
      sameMessages(joinedUp(known, missed, heard), whole);
    });

    it('comes back on a plain WebSocket', { timeout: TEST_MS }, async () => {
      const { proxy, behind } = await behindProxy(server());
      const alice = await Device.open(server(), newUser('alice'));
      const bob = await PlainDevice.open(behind, newUser('bob'));
      const callId = await talk(alice, bob);
      const channelId = channelOf(callId);
      const first = await say(bob, channelId, 'I am here');
      await hears(bob, channelId, first.id);
      proxy.cut();
      await bob.next('(disconnect)');
      await alice.next('peerReconnecting');
      for (let n = 0; n < 20; ++n) await say(alice, channelId, `${n}`);
      proxy.mend();
      const back = await PlainDevice.open(server(), bob.user);
      const missed = await since(server(), bob, channelId, first.id);
      const last = await say(alice, channelId, 'welcome back');
      await hears(back, channelId, last.id);
      const whole = await wholeOf(server(), alice, channelId);
      assert.equal(whole.length, 22);
      sameMessages(joinedUp(heardBy(bob, channelId), missed, heardBy(back, channelId)), whole);
      proxy.close();
    });
  });
}
