// Messages over REST: what is taken, what is refused, and pages in both directions.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser, ring, talk, pair } from '../lib/calls.mjs';
import {
  ask,
  channelOf,
  checkMessage,
  create,
  end,
  heardBy,
  hears,
  idsOf,
  knownUsers,
  must,
  page,
  pathOf,
  post,
  refusedOf,
  sameMessages,
  say,
  since,
  wholeOf,
} from '../lib/chat.mjs';
import { Device } from '../lib/device.mjs';
import { request } from '../lib/rest.mjs';
import { bothStores, noLimits, suite, TEST_MS } from '../lib/suite.mjs';
import { newCall } from '../lib/video.mjs';

const options = { stores: bothStores, env: noLimits, versions: ['latest'] };

suite('messages', options, ({ server }) => {
  /** A channel of two users without a call. */
  async function channel() {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const { channelId } = await create(server(), alice, newCall(), [bob]);
    return { alice, bob, channelId };
  }

  const refusedSend = (who, body, status, code) =>
    refusedOf(server(), who, 'POST', '/message/send', body, status, code);

  it('take texts of up to 5,000 characters', { timeout: TEST_MS }, async () => {
    const { alice, channelId } = await channel();
    const kept = [
      'x',
      ' ',
      '\t',
      'é'.repeat(5000),
      '𝄞'.repeat(5000),
      '\u0001',
      '"\\/\u2028</script>',
    ];
    const said = [];
    for (const text of kept) said.push(await post(server(), alice, channelId, text));
    sameMessages(await wholeOf(server(), alice, channelId, 2), said);
    for (const text of ['x'.repeat(5001), '𝄞'.repeat(5001)]) {
      await refusedSend(alice, { channelId, text }, 400, 'text_too_long');
    }
    for (const body of [{}, { text: null }, { text: '' }, { text: '', attachments: [] }]) {
      await refusedSend(alice, { channelId, ...body }, 400, 'text_required');
    }
    for (const text of [7, true, {}, [], 'a\u0000b']) {
      await refusedSend(alice, { channelId, text }, 400, 'invalid_field');
    }
    // Half of a surrogate pair is no character.
    await refusedSend(alice, `{"channelId":"${channelId}","text":"\\ud834"}`, 400, 'invalid_json');
    sameMessages(await wholeOf(server(), alice, channelId), said);
  });

  it('take attachments as they are', { timeout: TEST_MS }, async () => {
    const { alice, bob, channelId } = await channel();
    const device = await Device.open(server(), bob);
    const lists = [
      [{ type: 'image', image_url: 'https://example.com/a.png', size: 1.5, also: [null, {}] }],
      Array.from({ length: 10 }, (_, n) => ({ n })),
      [{ text: 'x'.repeat(8192 - '[{"text":""}]'.length) }],
    ];
    const said = [];
    for (const [n, attachments] of lists.entries()) {
      const text = n === 0 ? '' : 'see there';
      said.push(await post(server(), alice, channelId, text, { attachments }));
    }
    said.push(await post(server(), alice, channelId, 'none', { attachments: [] }));
    await hears(device, channelId, said.at(-1).id);
    sameMessages(heardBy(device, channelId), said);
    sameMessages((await page(server(), bob, channelId)).messages, said);
    for (const attachments of [
      'x',
      {},
      7,
      [7],
      ['x'],
      [null],
      [[]],
      Array.from({ length: 11 }, () => ({})),
      [{ text: 'x'.repeat(8193 - '[{"text":""}]'.length) }],
    ]) {
      const body = { channelId, text: 'x', attachments };
      await refusedSend(alice, body, 400, 'invalid_field');
    }
  });

  it('may have ids of their senders', { timeout: TEST_MS }, async () => {
    const { alice, bob, channelId } = await channel();
    const ids = ['x', 'a/b?c=d&e%20', 'é', '+', 'i'.repeat(128), '..', '"'];
    const said = [];
    for (const id of ids) said.push(await post(server(), alice, channelId, `for ${id}`, { id }));
    const own = await post(server(), bob, channelId, 'none');
    assert.match(own.id, /^[0-9a-f]{24}$/);
    assert.deepEqual(await since(server(), bob, channelId, ids[0], 1), [...said.slice(1), own]);
    for (const [n, id] of ids.entries()) {
      const before = await page(server(), bob, channelId, `?before=${encodeURIComponent(id)}`);
      assert.deepEqual(before, { messages: said.slice(0, n), hasMore: false });
      const body = { channelId, text: 'other', id, attachments: [{}] };
      assert.deepEqual(
        (await must(server(), alice, 'POST', '/message/send', body)).message,
        said[n],
      );
      await refusedSend(bob, body, 409, 'message_id_taken');
    }
    for (const id of ['', ' ', 'a b', 'i'.repeat(129), 7, {}]) {
      await refusedSend(alice, { channelId, text: 'x', id }, 400, 'invalid_field');
    }
  });

  it('need a channel that one is in', { timeout: TEST_MS }, async () => {
    const { alice, channelId } = await channel();
    const [eve] = await knownUsers(server(), 'eve');
    for (const id of [undefined, null, '', 7, {}]) {
      await refusedSend(alice, { channelId: id, text: 'x' }, 400, 'channel_id_required');
    }
    for (const id of ['x', 'messaging:', 'messaging:call-', `messaging:call-${newCall()}`]) {
      await refusedSend(alice, { channelId: id, text: 'x' }, 404, 'channel_not_found');
      await refusedOf(server(), alice, 'GET', pathOf(id), undefined, 404, 'channel_not_found');
    }
    await refusedSend(eve, { channelId, text: 'x' }, 403, 'not_authorized');
    await refusedOf(server(), eve, 'GET', pathOf(channelId), undefined, 403, 'not_authorized');
    for (const path of ['/message/send', pathOf(channelId)]) {
      const method = path === '/message/send' ? 'POST' : 'GET';
      const answer = await request(server(), null, method, `/api/stream${path}`);
      assert.deepEqual([answer.status, answer.body.success], [401, false]);
    }
    for (const body of ['', '{', '[]', '7', '"x"', 'null']) {
      const answer = await ask(server(), alice, 'POST', '/message/send', body);
      assert.equal(answer.status, 400, body);
    }
  });

  it('come in pages', { timeout: TEST_MS }, async () => {
    const { alice, bob, channelId } = await channel();
    assert.deepEqual(await page(server(), bob, channelId), { messages: [], hasMore: false });
    const send = (_, n) => post(server(), n % 2 ? alice : bob, channelId, `${n}`, { id: `m${n}` });
    await Promise.all(Array.from({ length: 120 }, send));
    const whole = await wholeOf(server(), alice, channelId);
    const ids = idsOf(whole);
    assert.deepEqual([...ids].sort(), Array.from({ length: 120 }, (_, n) => `m${n}`).sort());
    const expect = async (query, from, to, hasMore) => {
      const got = await page(server(), bob, channelId, query);
      assert.deepEqual(idsOf(got.messages), ids.slice(from, to), query);
      assert.equal(got.hasMore, hasMore, query);
      assert.deepEqual(got.messages, whole.slice(from, to));
    };
    await expect('', 70, 120, true);
    await expect('?limit=1', 119, 120, true);
    await expect('?limit=100', 20, 120, true);
    await expect(`?before=${ids[70]}`, 20, 70, true);
    await expect(`?before=${ids[50]}`, 0, 50, false);
    await expect(`?before=${ids[51]}`, 1, 51, true);
    await expect(`?before=${ids[0]}`, 0, 0, false);
    await expect(`?after=${ids[0]}`, 1, 51, true);
    await expect(`?after=${ids[69]}&limit=50`, 70, 120, false);
    await expect(`?after=${ids[68]}&limit=50`, 69, 119, true);
    await expect(`?after=${ids[119]}`, 0, 0, false);
    // Between two, the oldest of them.
    await expect(`?after=${ids[10]}&before=${ids[20]}`, 11, 20, false);
    await expect(`?after=${ids[10]}&before=${ids[20]}&limit=3`, 11, 14, true);
    await expect(`?after=${ids[20]}&before=${ids[10]}`, 0, 0, false);
    sameMessages(await wholeOf(server(), bob, channelId, 11), whole);
    sameMessages(await since(server(), bob, channelId, ids[0], 11), whole.slice(1));
    // The colon of the name needs no escaping.
    const plain = await must(server(), bob, 'GET', `/message/${channelId}?limit=2`);
    assert.deepEqual(idsOf(plain.messages), ids.slice(118));
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'limit=', 'limit=1.5', 'limit=-1']) {
      const path = pathOf(channelId, `?${query}`);
      const { message } = await refusedOf(
        server(),
        bob,
        'GET',
        path,
        undefined,
        400,
        'invalid_query',
      );
      assert.match(message, /limit/);
    }
    for (const name of ['before', 'after']) {
      const empty = pathOf(channelId, `?${name}=`);
      await refusedOf(server(), bob, 'GET', empty, undefined, 400, 'invalid_query');
      const path = pathOf(channelId, `?${name}=nobody`);
      await refusedOf(server(), bob, 'GET', path, undefined, 404, 'message_not_found');
    }
  });

  it('of a channel that is closed are read, not written', { timeout: TEST_MS }, async () => {
    const { alice, bob, channelId } = await channel();
    const said = [await post(server(), alice, channelId, 'x', { id: 'mine' })];
    await end(server(), bob, channelId.slice('messaging:call-'.length));
    await refusedSend(alice, { channelId, text: 'late' }, 409, 'channel_closed');
    await refusedSend(bob, { channelId, text: 'late', id: 'new' }, 409, 'channel_closed');
    const again = { channelId, text: 'x', id: 'mine' };
    assert.deepEqual(
      (await must(server(), alice, 'POST', '/message/send', again)).message,
      said[0],
    );
    sameMessages((await page(server(), bob, channelId)).messages, said);
  });

  it('go through both doors at once', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    const channelId = channelOf(callId);
    const send = (_, n) => {
      const from = n % 2 ? alice : bob;
      return n % 3 ? say(from, channelId, `${n}`) : post(server(), from, channelId, `${n}`);
    };
    const said = await Promise.all(Array.from({ length: 60 }, send));
    const whole = await wholeOf(server(), alice, channelId);
    assert.deepEqual(idsOf(whole).sort(), idsOf(said).sort());
    for (const device of [alice, bob]) {
      await hears(device, channelId, whole.at(-1).id);
      sameMessages(heardBy(device, channelId), whole, device.user);
    }
    for (const message of whole) checkMessage(message, { channelId, callId });
  });

  it('of a call that never rang there are none', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const carol = newUser('carol');
    await knownUsers(server(), 'x');
    await must(server(), carol, 'GET', '/config');
    // Carol has no device; Bob is busy.
    alice.emit('initiateCall', { receiverId: carol, callType: 'audio' });
    const { callId: offline } = await alice.next('userNotAvailable');
    const callId = await ring(alice, bob);
    const dave = await Device.open(server(), newUser('dave'));
    dave.emit('initiateCall', { receiverId: bob.user, callType: 'audio' });
    const { callId: busy } = await dave.next('callRejected');
    for (const [who, id] of [
      [alice, offline],
      [dave, busy],
    ]) {
      const path = pathOf(channelOf(id));
      await refusedOf(server(), who, 'GET', path, undefined, 404, 'channel_not_found');
    }
    await say(bob, channelOf(callId), 'coming');
  });
});
