// A video call's id is its clients' choice, and names its channel: who may take which.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { newUser, pair, talk } from '../lib/calls.mjs';
import { create, end, knownUsers, post, refusedOf, channelOf } from '../lib/chat.mjs';
import { request } from '../lib/rest.mjs';
import { bothStores, noLimits, suite, TEST_MS } from '../lib/suite.mjs';

suite(
  'the id of a video call',
  { stores: bothStores, versions: ['latest'], env: noLimits },
  ({ server }) => {
    const createVideo = async (who, callId, members) => {
      const body = { call_id: callId, members: members.map((one) => ({ user_id: one })) };
      const answer = await request(server(), who, 'POST', '/video/calls', body);
      return [answer.status, answer.body.error ?? answer.body.status];
    };
    const taken = [409, 'Call already exists'];

    it('cannot be that of a channel of others', { timeout: TEST_MS }, async () => {
      const [alice, bob, zed] = await knownUsers(server(), 'alice', 'bob', 'zed');
      const [baited, blocked, over] = ['baited', 'blocked', 'over'].map(newUser);
      await create(server(), zed, baited, [alice]);
      await create(server(), zed, blocked);
      await create(server(), alice, over, [bob]);
      await end(server(), alice, over);
      for (const callId of [baited, blocked, over]) {
        assert.deepEqual(await createVideo(alice, callId, [bob]), taken);
        assert.deepEqual(await createVideo(alice, callId, [bob]), taken, 'nor later');
      }
    });

    it('may be that of a channel of its own people', { timeout: TEST_MS }, async () => {
      const [alice, bob, carol] = await knownUsers(server(), 'alice', 'bob', 'carol');
      const callId = newUser('own');
      await create(server(), bob, callId, [alice]);
      await refusedOf(
        server(),
        carol,
        'POST',
        '/message/send',
        { channelId: channelOf(callId), text: 'hello' },
        403,
        'not_authorized',
      );
      assert.deepEqual(await createVideo(alice, callId, [bob, carol]), [200, 'created']);
      await post(server(), carol, channelOf(callId), 'hello');
    });

    it('cannot be that of a direct call', { timeout: TEST_MS }, async () => {
      const { alice, bob } = await pair(server());
      const callId = await talk(alice, bob);
      const [carol] = await knownUsers(server(), 'carol');
      assert.deepEqual(await createVideo(alice.user, callId, [carol]), taken);
      await refusedOf(
        server(),
        carol,
        'POST',
        '/message/send',
        { channelId: channelOf(callId), text: 'let me in' },
        403,
        'not_authorized',
      );
    });
  },
);
