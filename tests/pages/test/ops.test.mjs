// The operators' page: figures that move, a call while it lives, and its ladder.
import assert from 'node:assert/strict';
import { eventually } from '../../clients/lib/waiting.mjs';
import { callId, connect, gather, place, press, rings, says, talking } from '../lib/calling.mjs';
import { callState } from '../lib/seen.mjs';
import { suite } from '../lib/suite.mjs';

const both = ['Alice', 'Bob'];

const tile = (page, name) => page.getByRole('region', { name, exact: true });
const shown = (page, name, label = '') =>
  tile(page, name).locator('.figure', { hasText: label }).locator('.figure-value').textContent();
const figure = async (page, name, label) => Number.parseFloat(await shown(page, name, label));

/** How far the line of a tile rises above its ground, 0 to 100. */
const height = async (page, name) => {
  const line = tile(page, name).locator('.line').first();
  const points = ((await line.getAttribute('d')) ?? '').matchAll(/[ML]-?[\d.]+ (-?[\d.]+)/g);
  return Math.max(0, ...[...points].map(([, y]) => 100 - Number(y)));
};
const rowOf = (page, id) => page.locator(`.call-row[data-call="${id}"]`);

/** What the server says of a call, asked as the page's operator. */
const timelineOf = (page, id) =>
  page.evaluate(async (call) => {
    const { token } = JSON.parse(sessionStorage.getItem('carillon.session'));
    const answer = await fetch(`/api/ops/calls/${call}/timeline`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await answer.json()).data;
  }, id);

/** The steps as `what` with the names of from and to: `offer alice>bob`. */
const written = ({ people, steps }) =>
  steps.map(({ what, from, to }) =>
    [what, from === null ? '' : people[from] + (to === null ? '' : `>${people[to]}`)]
      .join(' ')
      .trim(),
  );

/** Finds the wanted steps in this order, others between them allowed; what was missing fails. */
function inOrder(steps, wanted) {
  let at = 0;
  for (const one of wanted) {
    const found = steps.findIndex((step, index) => index >= at && one.test(step));
    assert.notEqual(found, -1, `no ${one} behind step ${at} of\n${steps.join('\n')}`);
    at = found + 1;
  }
}

suite("the operators' page", {}, ({ test }) => {
  test('shows a call from its ring to its end, and draws who sent what to whom', async (pages) => {
    const [alice, bob] = await gather(pages, both);
    const operator = await pages.open('operator', { path: '/ops' });
    await operator.getByText('Ready').waitFor();
    await eventually(
      'both devices are counted',
      async () => (await figure(operator, 'Devices')) >= 2,
    );

    assert.equal(await height(operator, 'Relays'), 0);
    assert.equal(await shown(operator, 'Latency', 'median'), '–');

    await place(alice, 'Bob');
    await rings(bob, 'Alice', 'Video call');
    await eventually('it rings', async () => (await figure(operator, 'Calls', 'ringing')) === 1);
    await bob.keyboard.press('Enter');
    await talking(alice, bob);
    const id = await callId(alice);
    await eventually('it is active', async () => (await figure(operator, 'Calls', 'active')) === 1);
    // The signaling of this call was relayed in seconds that the lines have, whatever is there now.
    await eventually('relays are drawn', async () => (await height(operator, 'Relays')) > 0);
    const shows = (name, label) => shown(operator, name, label);
    await eventually('their latency is known', async () =>
      /^\d+(\.\d)? (µs|ms)$/.test(await shows('Latency', 'median')),
    );
    assert.match(await shows('Latency', 'p99'), /^\d+(\.\d)? (µs|ms)$/);
    assert.ok((await height(operator, 'Latency')) > 0, 'the latency is drawn');
    assert.match(await shows('Store lag'), /^\d+(\.\d)? m?s$/);
    await tile(operator, 'Store lag')
      .getByText(/^\d+ waiting, [\d.]+ rows\/s$/)
      .waitFor();

    const live = rowOf(operator, id);
    await live.getByText('Alice → Bob').waitFor();
    await live.getByText(/^In call/).waitFor();
    await live.click();
    const picture = operator.locator('.ladder-picture');
    await picture.locator('[data-step="accept"]').waitFor({ state: 'attached' });
    assert.equal(await picture.locator('[data-step="end"]').count(), 0);

    await bob.reload();
    await talking(alice, bob);
    await picture.locator('[data-step="back"]').waitFor({ state: 'attached' });
    await press(alice, 'Hang up');
    await says(bob, 'Alice hung up');
    await picture.locator('[data-step="end"]').waitFor({ state: 'attached' });
    await rowOf(operator, id)
      .getByText(/^Hung up/)
      .waitFor();

    const timeline = await timelineOf(operator, id);
    assert.deepEqual(
      [timeline.live, timeline.kind, timeline.reason, timeline.people, timeline.leftOut],
      [false, 'direct', 'hangup', ['alice', 'bob'], 0],
    );
    const steps = written(timeline);
    inOrder(steps, [
      /^ring alice>bob/,
      /^accept bob/,
      /^offer alice>bob/,
      /^answer bob>alice/,
      /^drop bob/,
      /^back bob/,
      /^offer bob>alice/,
      /^answer alice>bob/,
      /^end alice/,
    ]);
    const dropped = steps.indexOf('drop bob');
    for (const way of ['alice>bob', 'bob>alice']) {
      const first = timeline.steps[steps.indexOf(`candidates ${way}`)];
      assert.ok(first && (first.n ?? 1) >= 1, `candidates ${way} in\n${steps.join('\n')}`);
      assert.ok(steps.indexOf(`candidates ${way}`) < dropped, `candidates ${way} before the drop`);
    }
    assert.equal(steps.filter((step) => step.startsWith('end')).length, 1);
    assert.equal(timeline.steps.at(-1).reason, 'hangup');
    timeline.steps.reduce((last, { at }) => (assert.ok(at >= last, 'by time'), at), 0);

    // The picture and the text have the same steps in the same order.
    const whats = timeline.steps.map(({ what }) => what);
    await eventually(
      'the picture is up to date',
      async () => (await picture.locator('[data-step="end"]').count()) === 1,
    );
    const drawn = await picture
      .locator('[data-step]')
      .evaluateAll((rows) => rows.map((row) => row.dataset.step));
    assert.deepEqual(
      drawn.filter((what) => what !== 'break'),
      whats,
    );
    const text = operator.locator('.ladder-text');
    assert.deepEqual(
      await text.locator('[data-step]').evaluateAll((rows) => rows.map((row) => row.dataset.step)),
      whats,
    );
    await operator.getByRole('button', { name: 'As text' }).click();
    await text.getByText('Alice hung up.').waitFor();
    assert.equal(await picture.isVisible(), false);

    // It stays after a reload of the operator's page, too.
    await operator.reload();
    await operator.getByRole('heading', { name: 'Alice → Bob' }).waitFor();
    await operator.locator('.ladder-picture [data-step="end"]').waitFor({ state: 'attached' });
  });

  test('finds the calls of a user, and a call by its id', async (pages) => {
    const [alice, bob] = await gather(pages, both);
    await connect(alice, bob, both);
    const id = await callId(alice);
    await press(bob, 'Hang up');
    await Promise.all([callState(alice, 'idle'), callState(bob, 'idle')]);
    const operator = await pages.open('operator', { path: '/ops' });
    await rowOf(operator, id).waitFor();
    const field = operator.getByRole('searchbox', { name: 'Find a user or a call id' });
    await field.fill('dave');
    await operator.getByText(/^Nobody with calls/).waitFor();
    await field.fill('bob');
    await rowOf(operator, id).waitFor();
    await field.press('ArrowDown');
    assert.equal(await operator.evaluate(() => document.activeElement.className), 'call-row');
    await operator.keyboard.press('ArrowUp');
    await field.fill(id);
    await field.press('Enter');
    await operator.locator('.ladder-picture [data-step="end"]').waitFor({ state: 'attached' });
    await operator.getByRole('heading', { name: 'Alice → Bob' }).waitFor();
    pages.complaints.forgive(/status of 404/);
    await field.fill('ffffffffffffffffffffffff');
    await operator.getByText(/Enter looks for a call/).waitFor();
    await field.press('Enter');
    await operator.getByText('There is no ladder of this call').waitFor();
  });

  test('reads any second of the last minutes by keys', async (pages) => {
    const operator = await pages.open('operator', { path: '/ops' });
    const plot = operator.getByRole('slider', { name: 'Devices, the last five minutes' });
    await eventually('there are some seconds', async () =>
      /L/.test((await plot.locator('.line').getAttribute('d')) ?? ''),
    );
    await plot.focus();
    await plot.press('ArrowLeft');
    assert.match(await plot.getAttribute('aria-valuetext'), /^\d+, 1 second ago$/);
    // All tiles show the same second.
    await tile(operator, 'Refusals').getByText('1 s ago').waitFor();
    await plot.press('Escape');
    await tile(operator, 'Devices')
      .getByText(/connection/)
      .waitFor();
  });

  test('is for operators only', async (pages) => {
    pages.complaints.forgive(/status of 403/);
    const alice = await pages.open('Alice');
    await alice.getByRole('heading', { name: 'Choose somebody to call' }).waitFor();
    await alice.goto(`${pages.url}/ops`);
    await alice.getByText('Alice is not an operator of this server.').waitFor();
    await alice.getByRole('button', { name: 'Sign in as somebody else' }).click();
    await alice.getByRole('button', { name: 'Enter as demo operator' }).click();
    await alice.getByText('Ready').waitFor();
  });
});
