// A page that is loaded again goes on with its call.
import assert from 'node:assert/strict';
import { callId, connect, gather, place, press, rings, says, talking } from '../lib/calling.mjs';
import { hears, hearsNothing } from '../lib/media.mjs';
import { callState } from '../lib/seen.mjs';
import { suite } from '../lib/suite.mjs';

const both = ['Alice', 'Bob'];

suite('a reload', {}, ({ test }) => {
  test('of either side, and of both at once, takes nothing from the call', async (pages) => {
    const [alice, bob] = await gather(pages, both);
    await connect(alice, bob, both);
    const id = await callId(alice);
    const still = async () => {
      await talking(alice, bob);
      assert.deepEqual([await callId(alice), await callId(bob)], [id, id]);
    };
    await bob.keyboard.press('m');
    await alice.locator('.tile.is-mute').waitFor();
    await hearsNothing(alice);
    await bob.reload();
    await still();
    await alice.locator('.tile.is-mute').waitFor(); // muted before, muted now
    await hearsNothing(alice);
    await hears(bob);
    await alice.reload();
    await still();
    await Promise.all([alice.reload(), bob.reload()]);
    await still();
    await press(bob, 'Hang up');
    await says(alice, 'Bob hung up');
    await callState(alice, 'idle');
    await alice.reload();
    await alice.getByRole('heading', { name: 'Choose somebody to call' }).waitFor();
    await callState(alice, 'idle');
  });

  test('while it rings, on either side, does not stop the ringing', async (pages) => {
    const [alice, bob] = await gather(pages, both);
    await place(alice, 'Bob');
    await rings(bob, 'Alice', 'Video call');
    await alice.reload();
    await callState(alice, 'calling');
    await bob.reload();
    await rings(bob, 'Alice', 'Video call');
    await bob.keyboard.press('Enter');
    await talking(alice, bob);
  });
});
