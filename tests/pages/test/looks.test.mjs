// Every view of both pages, in both schemes, on a phone and on a desktop: it fits, the focus is
// seen, controls have names. Leaves a picture of each, to be looked at.
import assert from 'node:assert/strict';
import { callId, connect, gather, place, press, rings, row, talking } from '../lib/calling.mjs';
import { shot, SIZES } from '../lib/pages.mjs';
import { assertFocusSeen, assertTidy, callState } from '../lib/seen.mjs';
import { suite } from '../lib/suite.mjs';

const WAYS = [
  { size: 'least' },
  ...['phone', 'desktop'].flatMap((size) =>
    ['light', 'dark'].map((colorScheme) => ({ size, colorScheme })),
  ),
];

/** Looks once at what a page shows, from the part `at` on. */
async function lookOnce(page, view, { size, colorScheme }, at) {
  await page.setViewportSize(SIZES[size]);
  if (colorScheme) await page.emulateMedia({ colorScheme });
  await at?.evaluate((node) => node.scrollIntoView());
  const name = [view, size, colorScheme].filter(Boolean).join('-');
  await assertTidy(page, name);
  if (colorScheme) await shot(page, name);
}

/**
 * Looks at a view in all five ways, from the part `at` on; and at the focus while Tab is pressed
 * `focus` times. It is the view only while `there` is seen. One that ends by itself is looked at
 * again: `afresh()` brings it about anew.
 */
async function look(page, view, there, { focus = 0, at, afresh } = {}) {
  for (const way of WAYS) {
    for (let tries = 1; ; ++tries) {
      if (afresh && !(await there.isVisible())) await afresh();
      await lookOnce(page, view, way, at);
      if (await there.isVisible()) break;
      assert.ok(afresh && tries < 3, `${view} was gone while it was looked at`);
    }
  }
  await assertFocusSeen(page, focus);
}

const stage = (page, state) => page.locator(`.stage[data-call-state="${state}"]`);

// Nothing stops to ring while it is looked at.
suite('the looks', { env: { RING_TIMEOUT_SECONDS: '180' } }, ({ test }) => {
  test('of the call page before a call', async (pages) => {
    const nobody = await pages.open(null);
    const entry = nobody.getByRole('button', { name: 'Alice', exact: true });
    await entry.waitFor();
    await look(nobody, 'sign-in', entry, { focus: 3 });
    await nobody.context().close();

    const [alice, bob] = await gather(pages, ['Alice', 'Bob']);
    await look(alice, 'people', row(alice, 'Bob'), { focus: 5 });
    await place(alice, 'Bob');
    await callState(alice, 'calling');
    const dialog = await rings(bob, 'Alice', 'Video call');
    await look(alice, 'ringing', stage(alice, 'calling'));
    await look(bob, 'incoming', dialog, { focus: 2 });
  });

  test('of the call page in a call', async (pages) => {
    const [alice, bob] = await gather(pages, ['Alice', 'Bob']);
    await connect(alice, bob, ['Alice', 'Bob']);
    await look(alice, 'in-call', stage(alice, 'connected'), { focus: 2 });
    await alice.getByRole('button', { name: 'Devices and connection' }).click();
    await look(alice, 'details', alice.locator('.details-panel'));
    await alice.keyboard.press('Escape');
    await alice.keyboard.press('c');
    const field = alice.getByRole('textbox', { name: 'Message' });
    for (const text of ['Can you see me?', 'These bells are louder than mine at home.']) {
      await field.fill(text);
      await field.press('Enter');
    }
    await alice.locator('.message[data-state="sent"]').nth(1).waitFor();
    await look(alice, 'chat', field);
    // Between a phone and a desktop there is room for the call and its chat, not for the list too.
    await alice.setViewportSize({ width: 760, height: 640 });
    await assertTidy(alice, 'chat on a tablet');
  });

  test('of the call page after a call', async (pages) => {
    const [alice, bob] = await gather(pages, ['Alice', 'Bob']);
    const end = async () => {
      await bob.setViewportSize(SIZES.desktop);
      await connect(bob, alice, ['Bob', 'Alice']);
      await alice.keyboard.press('c');
      await alice.getByRole('textbox', { name: 'Message' }).fill('See you there.');
      await alice.keyboard.press('Enter');
      await bob.locator('[data-control="chat"].has-dot').waitFor();
      await press(bob, 'Hang up');
      await callState(bob, 'ended');
    };
    const choice = stage(bob, 'ended').getByRole('button', { name: 'Read the chat' });
    await look(bob, 'ended', choice, { afresh: end });
    await callState(bob, 'idle');
    await bob.getByRole('tab', { name: /Recent/ }).click();
    const past = bob.locator('#panel-recent .row').first();
    await past.waitFor();
    await look(bob, 'recent', past);
  });

  test("of the operators' page", async (pages) => {
    const operator = await pages.open(null, { path: '/ops' });
    const entry = operator.getByRole('button', { name: 'Enter as demo operator' });
    await entry.waitFor();
    await look(operator, 'ops-sign-in', entry, { focus: 2 });
    await entry.click();
    const [alice, bob] = await gather(pages, ['Alice', 'Bob']);
    await connect(alice, bob, ['Alice', 'Bob']);
    const call = operator.locator(`.call-row[data-call="${await callId(alice)}"]`);
    const isLive = call.getByText(/^In call/);
    await isLive.waitFor();
    await look(operator, 'ops', isLive, { focus: 4 });
    await bob.reload();
    await talking(alice, bob);
    await press(alice, 'Hang up');
    await call.click();
    await operator.locator('.ladder-picture [data-step="end"]').waitFor({ state: 'attached' });
    const ladder = operator.locator('.ladder');
    await look(operator, 'ladder', operator.locator('.ladder-picture'), { at: ladder });
    await operator.getByRole('button', { name: 'As text' }).click();
    await look(operator, 'ladder-text', operator.locator('.ladder-text'), { at: ladder });
  });

  test('of a group call', async (pages) => {
    const [alice, bob, carol] = await gather(pages, ['Alice', 'Bob', 'Carol']);
    await alice.getByRole('button', { name: 'Choose several for a group call' }).click();
    for (const name of ['Bob', 'Carol']) await row(alice, name).getByRole('checkbox').click();
    const start = alice.getByRole('button', { name: 'Start group call (3)' });
    await look(alice, 'choosing', start);
    await start.click();
    for (const page of [bob, carol]) {
      await rings(page, 'Alice', 'Group call');
      await page.keyboard.press('Enter');
    }
    await talking(alice, bob, carol);
    const second = alice.locator('.stage .tile[data-up="true"]').nth(1);
    await second.waitFor();
    await look(alice, 'group', second);
  });
});
