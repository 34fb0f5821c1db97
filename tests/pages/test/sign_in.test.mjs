// The way in where nobody is offered as a user: a server as in production, and tokens.
import assert from 'node:assert/strict';
import { carillon } from '../../clients/lib/server.mjs';
import { token, tokenExpiring } from '../../clients/lib/token.mjs';
import { row, seesOnline } from '../lib/calling.mjs';
import { suite } from '../lib/suite.mjs';

const NO_DEMO = /status of 404 .*\/api\/demo\/users/;
const env = { DEVELOPMENT: 'false', ADMIN_USERS: 'ada' };

const field = (page) => page.getByRole('textbox', { name: 'Your token' });
const refusal = (page) => page.locator('.sign-in-word');

async function enter(page, given) {
  await field(page).fill(given);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** A window at the sign-in, which has a field for a token and nobody to choose. */
async function atTheDoor(pages, path = '/') {
  pages.complaints.forgive(NO_DEMO);
  const page = await pages.open(null, { path });
  await field(page).waitFor();
  assert.equal(await page.locator('.sign-in-user').count(), 0);
  return page;
}

/** Waits until a page shows that it is `name`'s, and connected. */
async function isAt(page, name) {
  await page.locator('.me-name').getByText(name, { exact: true }).waitFor();
  await page.locator('.shell[data-connection="connected"]').waitFor();
}

suite('the sign-in with a token', { env }, ({ test }) => {
  test('leads to the people, stays over a reload, and leads back', async (pages) => {
    const { code, stdout } = await carillon(['token', '--user', 'alice', '--name', 'Alice A.']);
    assert.equal(code, 0);
    const alice = await atTheDoor(pages);
    await enter(alice, stdout);
    await isAt(alice, 'Alice A.');
    await alice.getByText('Nobody here yet.').waitFor();

    const bob = await atTheDoor(pages);
    await field(bob).fill(`Bearer ${token('bob', { name: 'Bob' })}`);
    await field(bob).press('Enter');
    await isAt(bob, 'Bob');
    const find = alice.getByRole('searchbox', { name: 'Find or add somebody' });
    await find.fill('bob');
    await find.press('Enter');
    await seesOnline(alice, 'Bob');
    await row(alice, 'Bob').getByText('Bob', { exact: true }).waitFor();

    await alice.reload();
    await isAt(alice, 'Alice A.');
    await seesOnline(alice, 'Bob');
    await alice.getByRole('button', { name: 'Sign out' }).click();
    await field(alice).waitFor();
    await alice.reload();
    await field(alice).waitFor();
    assert.equal(await refusal(alice).textContent(), '');
    assert.equal(await alice.evaluate(() => sessionStorage.getItem('carillon.session')), null);
  });

  test('says so when a token is none, is forged or has run out', async (pages) => {
    pages.complaints.forgive(/status of 401/);
    const page = await atTheDoor(pages);
    const forged = token('alice', { name: 'Alice' }, 'a secret that is not the one of the server');
    for (const bad of [forged, tokenExpiring('alice', -3600)]) {
      // In between, so that each word is a new one.
      await enter(page, 'let me in');
      await refusal(page).getByText('This is not a token.').waitFor();
      await enter(page, bad);
      await refusal(page).getByText('This token is not accepted.').waitFor();
    }
    assert.equal(await page.evaluate(() => sessionStorage.getItem('carillon.session')), null);
    await enter(page, token('alice', { name: 'Alice' }));
    await isAt(page, 'Alice');
  });

  test('leads operators to /ops, and nobody else', async (pages) => {
    pages.complaints.forgive(/status of 403/);
    const operators = [token('ada', { name: 'Ada' }), token('eve', { name: 'Eve', role: 'admin' })];
    for (const given of operators) {
      const page = await atTheDoor(pages, '/ops');
      await enter(page, given);
      await page.getByText('Ready').waitFor();
      const devices = page.getByRole('region', { name: 'Devices', exact: true });
      await devices.getByText(/^\d+ connections?$/).waitFor();
    }
    const page = await atTheDoor(pages, '/ops');
    await enter(page, token('bob', { name: 'Bob', role: 'user' }));
    await page.getByText('Bob is not an operator of this server.').waitFor();
    assert.equal(await page.getByRole('region', { name: 'Devices' }).count(), 0);
    await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
    await enter(page, operators[0]);
    await page.getByText('Ready').waitFor();
  });
});
