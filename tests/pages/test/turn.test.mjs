// Through a TURN server and nothing else.
import assert from 'node:assert/strict';
import { after, describe } from 'node:test';
import { skipTurn, TurnServer } from '../../clients/lib/turn_server.mjs';
import { connect, gather } from '../lib/calling.mjs';
import { suite } from '../lib/suite.mjs';

const SECRET = 'shared with the TURN server of this test';
const why = skipTurn();
let turn;

async function environment() {
  turn = await TurnServer.start(SECRET);
  return { TURN_SERVER_URL: turn.url, TURN_SECRET: SECRET };
}

const title = 'a call through a TURN server';
if (why) describe(title, { skip: why }, () => undefined);
else
  suite(title, { env: environment }, ({ test }) => {
    after(() => turn?.stop());

    test('is connected and moves, and both sides say that it is relayed', async (pages) => {
      const [alice, bob] = await gather(pages, ['Alice', 'Bob'], { path: '/?relay' });
      await connect(alice, bob, ['Alice', 'Bob']);
      for (const page of [alice, bob]) {
        await page.locator('.stage[data-route="relay"]').waitFor();
        await page.getByRole('button', { name: 'Devices and connection' }).click();
        const route = page
          .getByRole('dialog', { name: 'Devices and connection' })
          .locator('dd[data-local]');
        await route.waitFor();
        const ends = await route.evaluate(({ dataset }) => [dataset.local, dataset.remote]);
        assert.deepEqual(ends, ['relay', 'relay']);
        assert.match(await route.textContent(), /^relay/);
        await page.keyboard.press('Escape');
      }
    });
  });
