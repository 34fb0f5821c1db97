// What people do on the call page.
import assert from 'node:assert/strict';
import { PATIENCE_MS } from '../../clients/lib/waiting.mjs';
import { callState, moving } from './seen.mjs';

const idOf = (name) => name.toLowerCase();

/** The row of somebody in the list of people. */
export const row = (page, name) => page.locator(`#panel-people .row[data-user="${idOf(name)}"]`);

/** Waits until the page shows that somebody is there. */
export const seesOnline = (page, name, is = true) =>
  page
    .locator(`.row[data-user="${idOf(name)}"][data-online="${is}"]`)
    .waitFor({ timeout: PATIENCE_MS });

/** Waits until the page shows that somebody is there no more. */
export const seesOffline = (page, name) => seesOnline(page, name, false);

/** Ends what another test, which failed, has left of calls of this user. */
async function clear(pages, name) {
  const ask = async (method, path, token, body) => {
    const headers = {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const answer = await fetch(pages.url + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
    });
    return answer.json();
  };
  const { data } = await ask('POST', '/api/demo/session', null, { user: idOf(name) });
  const calls = await ask('GET', '/api/calls/history?limit=3', data.token);
  for (const { _id, status } of calls.data) {
    if (status !== 'active' && status !== 'no-answer') continue;
    await ask('POST', '/api/calls/end', data.token, { callId: _id });
  }
  const sessions = await ask('GET', '/api/video-call/history?limit=3', data.token);
  for (const { sessionId, status, initiatorId } of sessions.data.sessions) {
    if (status === 'ended' || initiatorId !== idOf(name)) continue;
    await ask('POST', `/api/video-call/session/${sessionId}/end`, data.token);
  }
}

/**
 * Windows of these users, each of whom sees the others. `how`: of `Pages.open`, for all or by name.
 */
export async function gather(pages, names, how = {}) {
  const all = [];
  for (const name of ['Alice', 'Bob', 'Carol']) await clear(pages, name);
  for (const name of names) all.push(await pages.open(name, how[name] ?? how));
  for (const [n, page] of all.entries()) {
    for (const name of names.filter((_, other) => other !== n)) await seesOnline(page, name);
  }
  return all;
}

/** Calls from the list by the keys: Enter is a call, V a video call. */
export async function place(page, name, type = 'video') {
  await row(page, name).locator('.row-main').focus();
  await page.keyboard.press(type === 'video' ? 'v' : 'Enter');
}

/** The screen of an incoming call; returns it. */
export async function rings(page, who, what) {
  const dialog = page.getByRole('dialog', { name: who, exact: true });
  await dialog.waitFor({ timeout: PATIENCE_MS });
  assert.equal(await dialog.locator('#incoming-what').textContent(), what);
  return dialog;
}

/** The picture of the others in a call. */
export const videos = (page) => page.locator('.stage .tile-video');

/** The id of the call that a page shows, which has one. */
export async function callId(page) {
  const id = await page.locator('.stage').getAttribute('data-call-id');
  assert.ok(id, 'the call on the page has an id');
  return id;
}

/** Both pages are connected, and each sees the other move. */
export async function talking(...pages) {
  await Promise.all(pages.map((page) => callState(page, 'connected')));
  await Promise.all(pages.map((page) => moving(videos(page).first())));
}

/** From the one to the other, by keys, until both are seen. */
export async function connect(from, to, names) {
  await place(from, names[1]);
  await rings(to, names[0], 'Video call');
  await to.keyboard.press('Enter');
  await talking(from, to);
}

/** Presses a button of the call. */
export const press = (page, name) =>
  page
    .getByRole('toolbar', { name: 'Call controls' })
    .getByRole('button', { name, exact: true })
    .click();

/** The big words of the stage. */
export const says = (page, title) =>
  page
    .locator('.stage-words')
    .getByRole('heading', { name: title, exact: true })
    .waitFor({ timeout: PATIENCE_MS });

/** The calls in the list of those that were. */
export const recent = (page) => page.locator('#panel-recent .row');

/** `from` hangs up, both say so, and both come back to their lists. */
export async function hangUp(from, to, names) {
  await press(from, 'Hang up');
  await says(from, 'You hung up');
  await says(to, `${names[0]} hung up`);
  for (const page of [from, to]) await page.getByRole('button', { name: 'Close' }).click();
  await Promise.all([from, to].map((page) => callState(page, 'idle')));
}

/** The last call in a page's history is this one with `other`, which was answered. */
export async function remembers(page, other, direction) {
  await page.getByRole('tab', { name: /Recent/ }).click();
  const first = recent(page).first();
  await first.getByText(other, { exact: true }).waitFor();
  assert.equal(await first.locator(`.icon-${direction}`).count(), 1);
  assert.match(await first.locator('.row-line').textContent(), /^\d+:\d\d$/);
}
