// Two people call each other: what they see, press and find in their lists afterwards.
import assert from 'node:assert/strict';
import { CuttableProxy } from '../../clients/lib/proxy.mjs';
import {
  callId,
  connect,
  gather,
  hangUp,
  place,
  press,
  recent,
  remembers,
  rings,
  row,
  says,
  seesOffline,
  seesOnline,
  talking,
  videos,
} from '../lib/calling.mjs';
import { hears, hearsNothing, seesFrames, seesNoFrames, seesShape } from '../lib/media.mjs';
import { callState, moving } from '../lib/seen.mjs';
import { fallsSilent, keepsRinging } from '../lib/sound.mjs';
import { suite } from '../lib/suite.mjs';

const both = ['Alice', 'Bob'];

suite('a call of two', { env: { RING_TIMEOUT_SECONDS: '20' } }, ({ test }) => {
  test('is placed, answered, seen, muted, shared and ended', async (pages) => {
    const [alice, bob] = await gather(pages, both);
    await row(alice, 'Bob').locator('.row-main').click();
    await alice
      .getByRole('region', { name: 'Bob' })
      .getByRole('button', { name: 'Video call' })
      .click();
    await callState(alice, 'calling');
    await says(alice, 'Ringing Bob…');
    const dialog = await rings(bob, 'Alice', 'Video call');
    assert.equal(await bob.evaluate(() => document.activeElement.textContent), 'Accept');
    await dialog.getByRole('button', { name: 'Accept' }).click();
    await talking(alice, bob);
    assert.equal(await callId(alice), await callId(bob));

    await hears(alice);
    await press(bob, 'Mute');
    await alice.locator('.tile.is-mute').waitFor();
    await hearsNothing(alice);
    await bob.keyboard.press('m');
    await alice.locator('.tile:not(.is-mute)').waitFor();
    await hears(alice);

    await seesFrames(alice);
    await bob.keyboard.press('v');
    await alice.locator('.tile.is-blank').waitFor({ state: 'attached' });
    await videos(alice).waitFor({ state: 'hidden' });
    await seesNoFrames(alice);
    await press(bob, 'Turn the camera on');
    await moving(videos(alice));
    await seesShape(alice, 'camera');

    await bob.keyboard.press('s');
    await alice.locator('.tile.is-screen').waitFor();
    await seesShape(alice, 'screen');
    await moving(videos(alice));
    await press(bob, 'Stop sharing');
    await alice.locator('.tile:not(.is-screen)').waitFor();
    await seesShape(alice, 'camera');

    await hangUp(alice, bob, both);
    await remembers(alice, 'Bob', 'out');
    await remembers(bob, 'Alice', 'in');
  });

  test('is rung for aloud on both sides, until it is answered or declined', async (pages) => {
    const windows = await gather(pages, both);
    const [alice, bob] = windows;
    const all = (does) => Promise.all(windows.map(does));
    await place(alice, 'Bob', 'audio');
    await rings(bob, 'Alice', 'Call');
    await all(keepsRinging);
    await bob.keyboard.press('Enter');
    await all((page) => callState(page, 'connected'));
    await all(fallsSilent);
    await hangUp(alice, bob, both);
    await place(alice, 'Bob', 'audio');
    await rings(bob, 'Alice', 'Call');
    await all(keepsRinging);
    await bob.keyboard.press('Escape');
    await says(alice, 'Bob declined');
    await all(fallsSilent);
  });

  test('without pictures is heard, and the camera can come later', async (pages) => {
    const [alice, bob] = await gather(pages, both);
    await place(alice, 'Bob', 'audio');
    await rings(bob, 'Alice', 'Call');
    await bob.keyboard.press('Enter');
    await Promise.all([callState(alice, 'connected'), callState(bob, 'connected')]);
    assert.equal(await alice.locator('.self').isVisible(), false);
    await Promise.all([hears(alice), hears(bob)]);
    await alice.keyboard.press('v');
    await moving(videos(bob));
  });

  test('is declined, missed, and called back from the list', async (pages) => {
    const [alice, bob] = await gather(pages, both);
    await place(alice, 'Bob', 'audio');
    await rings(bob, 'Alice', 'Call');
    await bob.keyboard.press('Escape');
    await says(alice, 'Bob declined');
    await alice.getByRole('button', { name: 'Call again' }).click();
    await rings(bob, 'Alice', 'Call');
    await press(alice, 'Hang up');
    await bob.getByText('You missed a call from Alice.').first().waitFor();
    const badge = bob.getByRole('tab', { name: /Recent/ }).locator('.badge');
    await badge.waitFor();
    assert.equal(await badge.textContent(), '1');
    await bob.waitForFunction(() => document.title === '(1) Carillon');
    await bob.getByRole('tab', { name: /Recent/ }).click();
    await badge.waitFor({ state: 'hidden' });
    const words = await recent(bob).locator('.row-line').allTextContents();
    assert.deepEqual(words.slice(0, 2), ['Missed', 'You declined']);
    await recent(bob).first().getByRole('button', { name: 'Delete the call with Alice' }).click();
    await recent(bob).first().getByText('You declined').waitFor();
    await alice.getByRole('button', { name: 'Close' }).click();
    await callState(alice, 'idle');
    await recent(bob).first().locator('.row-main').click();
    await rings(alice, 'Bob', 'Call');
  });

  test('to somebody who is busy, and to somebody who is not there', async (pages) => {
    const [alice, bob, carol] = await gather(pages, ['Alice', 'Bob', 'Carol']);
    await connect(alice, bob, both);
    await place(carol, 'Bob');
    await says(carol, 'Bob is in another call');
    await carol.getByRole('button', { name: 'Close' }).click();
    await place(carol, 'Dave', 'audio');
    await says(carol, 'Dave is not online');
    await carol.close();
    await seesOffline(alice, 'Carol');
    await talking(alice, bob);
  });

  test('goes on over a socket that was cut', async (pages) => {
    const proxy = await CuttableProxy.open({ port: pages.server.port, host: '127.0.0.1' });
    const at = `http://127.0.0.1:${proxy.port}`;
    pages.complaints.forgive(/WebSocket connection to/, /Failed to load resource/);
    const [alice, bob] = await gather(pages, both, { Alice: { at } });
    await connect(alice, bob, both);
    const id = await callId(alice);
    proxy.cut();
    await callState(alice, 'reconnecting');
    await alice.locator('.stage-notice').getByText('You are offline').waitFor();
    await callState(bob, 'reconnecting');
    await bob.locator('.stage-notice').getByText('Alice lost the connection').waitFor();
    proxy.mend();
    await talking(alice, bob);
    assert.deepEqual([await callId(alice), await callId(bob)], [id, id]);
  });

  test('begun by both at once is one call', async (pages) => {
    const [alice, bob] = await gather(pages, both);
    for (const [page, other] of [
      [alice, 'Bob'],
      [bob, 'Alice'],
    ])
      await row(page, other).locator('.row-main').focus();
    await Promise.all([alice.keyboard.press('v'), bob.keyboard.press('v')]);
    // Whoever was later may have been rung already.
    const answered = await Promise.race(
      [alice, bob]
        .map((page) =>
          callState(page, 'connected')
            .then(() => true)
            .catch(() => false),
        )
        .concat(
          [alice, bob].map((page) =>
            page
              .getByRole('dialog')
              .waitFor()
              .then(() => page),
          ),
        ),
    );
    if (answered !== true) await answered.keyboard.press('Enter');
    await talking(alice, bob);
    assert.equal(await callId(alice), await callId(bob));
  });

  test('stays with its tab; another tab of the same user says so', async (pages) => {
    const [alice, bob] = await gather(pages, both);
    await connect(alice, bob, both);
    const other = await bob.context().newPage();
    await other.goto(pages.url);
    await other.getByRole('button', { name: 'Bob', exact: true }).click();
    await other.getByText('Your call is in another tab or on another device.').first().waitFor();
    await seesOnline(other, 'Alice');
    await callState(other, 'idle');
    await talking(alice, bob);
  });
});
