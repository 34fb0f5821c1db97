// Every view of both pages, in both schemes, on a phone and on a desktop: it fits, the focus is
// seen, controls have names. Leaves a picture of each, to be looked at.
import { callId, connect, gather, place, press, rings, row, talking } from '../lib/calling.mjs';
import { shot, SIZES } from '../lib/pages.mjs';
import { assertFocusSeen, assertTidy, callState } from '../lib/seen.mjs';
import { suite } from '../lib/suite.mjs';

/**
 * Looks at what a page shows now in all four ways: at its beginning, or from the part `at` on; and at
 * the focus while Tab is pressed `focus` times.
 */
async function look(page, view, { focus = 0, at } = {}) {
  await page.setViewportSize(SIZES.least);
  await assertTidy(page, `${view} on the smallest phone`);
  for (const size of ['phone', 'desktop']) {
    await page.setViewportSize(SIZES[size]);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await at?.evaluate((node) => node.scrollIntoView());
      await assertTidy(page, `${view}, ${size}, ${colorScheme}`);
      await shot(page, `${view}-${size}-${colorScheme}`);
    }
  }
  await assertFocusSeen(page, focus);
}

suite('the looks', {}, ({ test }) => {
  test('of the call page before a call', async (pages) => {
    const nobody = await pages.open(null);
    await nobody.getByRole('button', { name: 'Alice', exact: true }).waitFor();
    await look(nobody, 'sign-in', { focus: 3 });
    await nobody.context().close();

    const [alice, bob] = await gather(pages, ['Alice', 'Bob']);
    await look(alice, 'people', { focus: 5 });
    await place(alice, 'Bob');
    await callState(alice, 'calling');
    await rings(bob, 'Alice', 'Video call');
    await look(alice, 'ringing');
    await look(bob, 'incoming', { focus: 2 });
  });

  test('of the call page in a call', async (pages) => {
    const [alice, bob] = await gather(pages, ['Alice', 'Bob']);
    await connect(alice, bob, ['Alice', 'Bob']);
    await look(alice, 'in-call', { focus: 2 });
    await alice.getByRole('button', { name: 'Devices and connection' }).click();
    await look(alice, 'details');
    await alice.keyboard.press('Escape');
    await alice.keyboard.press('c');
    const field = alice.getByRole('textbox', { name: 'Message' });
    for (const text of ['Can you see me?', 'These bells are louder than mine at home.']) {
      await field.fill(text);
      await field.press('Enter');
    }
    await alice.locator('.message[data-state="sent"]').nth(1).waitFor();
    await look(alice, 'chat');
    // Between a phone and a desktop there is room for the call and its chat, not for the list too.
    await alice.setViewportSize({ width: 760, height: 640 });
    await assertTidy(alice, 'chat on a tablet');
    await press(bob, 'Hang up');
    await callState(bob, 'ended');
    await look(bob, 'ended');
    await callState(bob, 'idle');
    await bob.getByRole('tab', { name: /Recent/ }).click();
    await bob.locator('#panel-recent .row').first().waitFor();
    await look(bob, 'recent');
  });

  test("of the operators' page", async (pages) => {
    const operator = await pages.open(null, { path: '/ops' });
    await operator.getByRole('button', { name: 'Enter as demo operator' }).waitFor();
    await look(operator, 'ops-sign-in', { focus: 2 });
    await operator.getByRole('button', { name: 'Enter as demo operator' }).click();
    const [alice, bob] = await gather(pages, ['Alice', 'Bob']);
    await connect(alice, bob, ['Alice', 'Bob']);
    const call = operator.locator(`.call-row[data-call="${await callId(alice)}"]`);
    await call.getByText(/^In call/).waitFor();
    await look(operator, 'ops', { focus: 4 });
    await bob.reload();
    await talking(alice, bob);
    await press(alice, 'Hang up');
    await call.click();
    await operator.locator('.ladder-picture [data-step="end"]').waitFor({ state: 'attached' });
    const ladder = operator.locator('.ladder');
    await look(operator, 'ladder', { at: ladder });
    await operator.getByRole('button', { name: 'As text' }).click();
    await look(operator, 'ladder-text', { at: ladder });
  });

  test('of a group call', async (pages) => {
    const [alice, bob, carol] = await gather(pages, ['Alice', 'Bob', 'Carol']);
    await alice.getByRole('button', { name: 'Choose several for a group call' }).click();
    for (const name of ['Bob', 'Carol']) await row(alice, name).getByRole('checkbox').click();
    await look(alice, 'choosing');
    await alice.getByRole('button', { name: 'Start group call (3)' }).click();
    for (const page of [bob, carol]) {
      await rings(page, 'Alice', 'Group call');
      await page.keyboard.press('Enter');
    }
    await talking(alice, bob, carol);
    await alice.locator('.stage .tile[data-up="true"]').nth(1).waitFor();
    await look(alice, 'group');
  });
});
