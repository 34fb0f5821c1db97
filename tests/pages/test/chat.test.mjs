// The chat beside a call.
import assert from 'node:assert/strict';
import { connect, gather, press } from '../lib/calling.mjs';
import { callState } from '../lib/seen.mjs';
import { suite } from '../lib/suite.mjs';

const both = ['Alice', 'Bob'];

async function write(page, ...texts) {
  const field = page.getByRole('textbox', { name: 'Message' });
  for (const text of texts) {
    await field.fill(text);
    await field.press('Enter');
  }
}
const texts = (page) => page.locator('.message .bubble').allTextContents();

/** Waits until a page shows these messages, all of them sent, and no others. */
async function shows(page, wanted) {
  await page.waitForFunction((list) => {
    const rows = [...document.querySelectorAll('.message')];
    return (
      rows.length === list.length &&
      rows.every(
        (row, n) =>
          row.dataset.state === 'sent' && row.querySelector('.bubble').textContent === list[n],
      )
    );
  }, wanted);
  assert.deepEqual(await texts(page), wanted);
}

suite('the chat of a call', {}, ({ test }) => {
  test('goes both ways in one order, tells what is new, and stays after a reload and after the end', async (pages) => {
    const [alice, bob] = await gather(pages, both);
    await connect(alice, bob, both);
    await alice.keyboard.press('c');
    await write(alice, 'Can you see me?', 'And <b>this</b>?');
    await bob.getByRole('button', { name: 'Chat, 2 new' }).click();
    await shows(bob, ['Can you see me?', 'And <b>this</b>?']);
    await alice.getByText('Seen by Bob').waitFor();
    await write(bob, 'Yes.');
    const all = ['Can you see me?', 'And <b>this</b>?', 'Yes.'];
    await shows(alice, all);
    await Promise.all([write(alice, 'a1', 'a2', 'a3', 'a4'), write(bob, 'b1', 'b2', 'b3', 'b4')]);
    await alice.waitForFunction(
      () => document.querySelectorAll('.message[data-state="sent"]').length === 11,
    );
    const order = await texts(alice);
    await shows(bob, order);
    assert.deepEqual(
      order.filter((text) => /^a\d/.test(text)),
      ['a1', 'a2', 'a3', 'a4'],
    );
    assert.deepEqual(
      order.filter((text) => /^b\d/.test(text)),
      ['b1', 'b2', 'b3', 'b4'],
    );

    await bob.reload();
    await bob.getByRole('button', { name: /^Chat/ }).click();
    await shows(bob, order);
    await write(bob, 'Back again.');
    await shows(alice, [...order, 'Back again.']);

    await press(alice, 'Hang up');
    await bob.getByText('This call is over; the chat stays to be read.').waitFor();
    assert.equal(await bob.getByRole('textbox', { name: 'Message' }).isVisible(), false);
    await bob.getByRole('button', { name: 'Close', exact: true }).click();
    await callState(bob, 'idle');
    await shows(bob, [...order, 'Back again.']); // as it lay open
    await bob.getByRole('button', { name: 'Close the chat' }).click();
    await bob.getByRole('tab', { name: 'Recent' }).click();
    const row = bob.locator('#panel-recent .row').first();
    await row.hover();
    await row.getByRole('button', { name: 'Read the chat with Alice' }).click();
    await shows(bob, [...order, 'Back again.']);
  });
});
