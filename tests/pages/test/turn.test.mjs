// Through a TURN server and nothing else.
import assert from 'node:assert/strict';
import { after, describe } from 'node:test';
import { skipTurn, TurnServer } from '../../clients/lib/turn_server.mjs';
import {
  callId,
  connect,
  gather,
  hangUp,
  press,
  remembers,
  talking,
} from '../lib/calling.mjs';
import { hears, hearsNothing, relayed, seesFrames } from '../lib/media.mjs';
import { suite } from '../lib/suite.mjs';

const SECRET = 'shared with the TURN server of this test';
const why = skipTurn();
const both = ['Alice', 'Bob'];
let turn;

async function environment() {
  turn = await TurnServer.start(SECRET);
  return { TURN_SERVER_URL: turn.url, TURN_SECRET: SECRET };
}

/** By the browser's counts, and in the page's own words. */
async function saysRelayed(page) {
  await relayed(page);
  await page.locator('.stage[data-route="relay"]').waitFor();
  await page.getByRole('button', { name: 'Devices and connection' }).click();
  const route = page
    .getByRole('dialog', { name: 'Devices and connection' })
    .locator('dd[data-local="relay"][data-remote="relay"]');
  await route.waitFor();
  assert.match(await route.textContent(), /^relay/);
  await page.keyboard.press('Escape');
}

const title = 'a call through a TURN server';
if (why) describe(title, { skip: why }, () => undefined);
else
  suite(title, { env: environment }, ({ test }) => {
    after(() => turn?.stop());

    test('is seen, muted, loaded again and ended, relayed all the while', async (pages) => {
      const [alice, bob] = await gather(pages, both, { path: '/?relay' });
      await connect(alice, bob, both);
      for (const page of [alice, bob]) await saysRelayed(page);
      const id = await callId(alice);

      await hears(alice);
      await press(bob, 'Mute');
      await alice.locator('.tile.is-mute').waitFor();
      await hearsNothing(alice);
      await press(bob, 'Unmute');
      await hears(alice);

      await bob.reload();
      await talking(alice, bob);
      assert.deepEqual([await callId(alice), await callId(bob)], [id, id]);
      await Promise.all([alice, bob].flatMap((page) => [relayed(page), seesFrames(page)]));
      await saysRelayed(bob);

      await hangUp(alice, bob, both);
      await remembers(alice, 'Bob', 'out');
      await remembers(bob, 'Alice', 'in');
    });
  });
