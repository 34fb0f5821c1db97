// Three people in a group call: everybody sees everybody, also after one left and one was loaded
// again.
import assert from 'node:assert/strict';
import { callId, gather, press, rings, says, videos } from '../lib/calling.mjs';
import { hears, hearsNothing, seesShape } from '../lib/media.mjs';
import { callState, moving } from '../lib/seen.mjs';
import { suite } from '../lib/suite.mjs';

const three = ['Alice', 'Bob', 'Carol'];

/** Each of these pages sees `count` others, all of them moving. */
async function seeEachOther(pages, count) {
  for (const page of pages) {
    await page.waitForFunction((n) => {
      const tiles = [...document.querySelectorAll('.stage .tile')];
      return tiles.length === n && tiles.every((tile) => tile.dataset.up === 'true');
    }, count);
    for (let n = 0; n < count; ++n) await moving(videos(page).nth(n));
  }
}

async function begin(pages) {
  const all = await gather(pages, three);
  const [alice, bob, carol] = all;
  await alice.getByRole('button', { name: 'Choose several for a group call' }).click();
  for (const name of ['Bob', 'Carol'])
    await alice.getByRole('checkbox', { name: new RegExp(name) }).click();
  await alice.getByRole('button', { name: 'Start group call (3)' }).click();
  await says(alice, 'Waiting for the others…');
  await rings(bob, 'Alice', 'Group call');
  await bob.keyboard.press('Enter');
  const invitation = await rings(carol, 'Alice', 'Group call');
  await invitation.getByRole('button', { name: 'Join' }).click();
  await seeEachOther(all, 2);
  return all;
}

suite('a group call', {}, ({ test }) => {
  test('of three: a reload, a screen, one who leaves and comes again', async (pages) => {
    const [alice, bob, carol] = await begin(pages);
    const id = await callId(alice);
    assert.deepEqual([await callId(bob), await callId(carol)], [id, id]);

    await bob.reload();
    await seeEachOther([alice, bob, carol], 2);
    assert.equal(await callId(bob), id);

    await carol.keyboard.press('s');
    for (const page of [alice, bob])
      await page.locator('.tile.is-screen.is-large[data-user="carol"]').waitFor();
    await Promise.all([alice, bob].map((page) => seesShape(page, 'screen', 'carol')));
    await carol.keyboard.press('s');
    for (const page of [alice, bob])
      await page.locator('.tile:not(.is-screen)[data-user="carol"]').waitFor();
    await Promise.all([alice, bob].map((page) => hears(page, 'carol')));
    await carol.keyboard.press('m');
    for (const page of [alice, bob])
      await page.locator('.tile.is-mute[data-user="carol"]').waitFor();
    await Promise.all([alice, bob].map((page) => hearsNothing(page, 'carol')));
    await hears(alice, 'bob');

    await press(carol, 'Leave');
    await says(carol, 'You left the call');
    await seeEachOther([alice, bob], 1);
    await carol.getByRole('button', { name: 'Join again' }).click();
    await seeEachOther([alice, bob, carol], 2);
  });

  test('ends for everybody when its initiator ends it', async (pages) => {
    const [alice, bob, carol] = await begin(pages);
    await alice.getByRole('button', { name: 'Devices and connection' }).click();
    await alice.getByRole('button', { name: 'End for everybody' }).click();
    await Promise.all([bob, carol].map((page) => says(page, 'Alice ended the call')));
    for (const page of [bob, carol]) {
      await page.getByRole('button', { name: 'Close' }).click();
      await callState(page, 'idle');
      await page.getByRole('tab', { name: 'Recent' }).click();
      await page.locator('#panel-recent .row').first().getByText('Alice, ').waitFor();
    }
  });
});
