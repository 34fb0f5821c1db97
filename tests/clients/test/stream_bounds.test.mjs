// Chat at its bounds: more than one may send, more than fits, and a store that is away.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withStoreBehindProxy } from '../lib/away.mjs';
import { hangUp, newUser, pair, talk } from '../lib/calls.mjs';
import {
  ask,
  channelOf,
  create,
  end,
  heardBy,
  hears,
  idsOf,
  knownUsers,
  must,
  pathOf,
  post,
  sameMessages,
  say,
  wholeOf,
} from '../lib/chat.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { apiKey, secret } from '../lib/stream_wire.mjs';
import { noLimits, suite, TEST_MS } from '../lib/suite.mjs';
import { eventually } from '../lib/waiting.mjs';
import { newCall } from '../lib/video.mjs';

const wait = /^[1-9]\d*$/;

/** What `says` refused for a rate, and what was taken. */
const sorted = (acks) => ({
  taken: acks.filter(({ ok }) => ok).map(({ message }) => message),
  refused: acks.filter(({ ok, code }) => !ok && code === 'rate_limited'),
});

const few = { LIMITS_SOCKET_EVENTS_PER_SECOND: '5', LIMITS_SOCKET_EVENTS_BURST: '50' };

suite('messages past the rate of a device', { env: few, versions: ['latest'] }, ({ server }) => {
  it('are refused, and no others', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    const channelId = channelOf(callId);
    const send = (_, n) => alice.ask('sendMessage', { channelId, text: `${n}` });
    const acks = await Promise.all(Array.from({ length: 120 }, send));
    const { taken, refused } = sorted(acks);
    assert.equal(taken.length + refused.length, 120);
    assert.ok(refused.length > 20 && taken.length > 20, `${refused.length} were refused`);
    assert.equal((await alice.next('message.error')).code, 'rate_limited');
    const last = await say(bob, channelId, 'I may');
    await hears(alice, channelId, last.id);
    sameMessages(heardBy(bob, channelId), [...taken, last]);
    sameMessages(await wholeOf(server(), bob, channelId), [...taken, last]);
    await hangUp(bob, alice, callId);
  });
});

const slow = {
  LIMITS_REST_PER_SECOND: '1',
  LIMITS_REST_BURST: '8',
  LIMITS_COSTLY_PER_MINUTE: '2',
  STREAM_API_KEY: apiKey,
  STREAM_API_SECRET: secret,
};

suite('requests past the rate of a user', { env: slow, versions: ['latest'] }, ({ server }) => {
  it('are refused, but not the end of a call', { timeout: TEST_MS }, async () => {
    const [alice, bob] = await knownUsers(server(), 'alice', 'bob');
    const callId = newCall();
    const { channelId } = await create(server(), alice, callId, [bob]);
    const body = { channelId, text: 'x' };
    const send = () => ask(server(), alice, 'POST', '/message/send', body);
    const answers = await Promise.all(Array.from({ length: 20 }, send));
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length >= 8, `${refused.length} were refused`);
    for (const answer of refused) {
      assert.equal(answer.body.code, 'rate_limited');
      assert.match(answer.headers.get('retry-after') ?? '(none)', wait);
    }
    await end(server(), alice, callId);
    const taken = answers.filter(({ status }) => status === 200).length;
    assert.equal(taken + refused.length, 20);
    assert.equal((await wholeOf(server(), bob, channelId)).length, taken);
  });

  it('are fewer for tokens', { timeout: TEST_MS }, async () => {
    const [alice] = await knownUsers(server(), 'alice');
    for (let n = 0; n < 2; ++n) await must(server(), alice, 'POST', '/token', {});
    const { status, body, headers } = await ask(server(), alice, 'POST', '/token', {});
    assert.deepEqual([status, body.code], [429, 'rate_limited']);
    assert.match(headers.get('retry-after') ?? '(none)', wait);
  });

  it('are of a size', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    const channelId = channelOf(callId);
    const body = { channelId, text: 'x'.repeat(300000) };
    const { status } = await ask(server(), alice, 'POST', '/message/send', body);
    assert.equal(status, 413);
    await say(alice, channelId, 'x'.repeat(5000));
    alice.emit('sendMessage', { channelId, text: 'x'.repeat(140000) });
    await alice.next('(disconnect)');
    const last = await say(bob, channelId, 'still here');
    assert.equal((await wholeOf(server(), bob, channelId)).at(-1).id, last.id);
  });
});

withStoreBehindProxy('chat while PostgreSQL is away', noLimits, (site) => {
  /** Waits until pages of the channel can be read again. */
  const readable = (who, channelId) =>
    eventually(
      'the channel can be read',
      async () => (await ask(site.server, who, 'GET', pathOf(channelId))).status === 200,
      30000,
      200,
    );

  async function unavailable(who, method, path, body) {
    const answer = await ask(site.server, who, method, path, body);
    assert.deepEqual([answer.status, answer.body.code], [503, 'store_unavailable'], path);
    assert.match(answer.headers.get('retry-after') ?? '(none)', wait);
  }

  it('goes on where it was in use', { timeout: 2 * TEST_MS }, async () => {
    const { alice, bob } = await pair(site.server);
    const callId = await talk(alice, bob);
    const channelId = channelOf(callId);
    const said = [await say(alice, channelId, 'before')];
    const id = newUser('id');
    const other = newCall();
    const { channelId: unused } = await create(site.server, alice.user, other, [bob]);
    await site.server.terminate();
    await site.server.launch();
    const [a, b] = await Promise.all([alice, bob].map(({ user }) => Device.open(site.server, user)));
    said.push(await say(b, channelId, 'we are back'));
    await hears(a, channelId, said[1].id);

    site.proxy.cut();
    for (let n = 0; n < 20; ++n) said.push(await say(n % 2 ? a : b, channelId, `${n} meanwhile`));
    const first = await say(a, channelId, 'once', { id });
    // The first one stands in the store, which is to be asked later.
    const again = { channelId, text: 'twice', id };
    assert.equal((await a.ask('sendMessage', again)).code, 'store_unavailable');
    said.push(first, await post(site.server, b, channelId, 'by REST'));
    await hears(a, channelId, said.at(-1).id);
    sameMessages(heardBy(a, channelId), said.slice(1));
    await unavailable(alice, 'GET', pathOf(channelId));
    await unavailable(alice, 'GET', `/call/quality/${callId}`);
    await unavailable(alice, 'GET', '/config');
    await unavailable(alice, 'POST', '/message/send', { channelId: unused, text: 'x' });
    assert.equal(
      (await a.ask('sendMessage', { channelId: unused, text: 'x' })).code,
      'store_unavailable',
    );

    site.proxy.mend();
    await readable(alice, channelId);
    assert.deepEqual((await a.must('sendMessage', again)).message, first);
    sameMessages(await wholeOf(site.server, alice, channelId), said);
    const last = await say(a, channelId, 'afterwards', { id: newUser('id') });
    sameMessages(await wholeOf(site.server, bob, channelId), [...said, last]);
    await post(site.server, alice, unused, 'now it can');
    await hangUp(a, b, callId);
  });

  it('loses nothing that was confirmed in a crash', { timeout: 2 * TEST_MS }, async () => {
    const { alice, bob } = await pair(site.server);
    const callId = await talk(alice, bob);
    const channelId = channelOf(callId);
    const said = [await say(alice, channelId, 'before')];
    site.proxy.cut();
    for (let n = 0; n < 10; ++n) said.push(await say(n % 2 ? alice : bob, channelId, `${n}`));
    await alice.must('endCall', { callId });
    await site.server.crash();
    await closeAll();
    site.proxy.mend();
    await site.server.launch();
    await readable(bob, channelId);
    sameMessages(await wholeOf(site.server, alice, channelId), said);
    const answer = await ask(site.server, bob, 'POST', '/message/send', { channelId, text: 'late' });
    assert.deepEqual([answer.status, answer.body.code], [409, 'channel_closed']);
    assert.equal(new Set(idsOf(said)).size, said.length);
  });
});
