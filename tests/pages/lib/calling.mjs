// What people do on the call page.
import assert from 'node:assert/strict';
import { PATIENCE_MS } from '../../clients/lib/waiting.mjs';
import { callState, moving } from './seen.mjs';

const idOf = (name) => name.toLowerCase();

/** The row of somebody in the list of people. */
export const row = (page, name) => page.locator(`#panel-people .row[data-user="${idOf(name)}"]`);

/** Waits until the page shows that somebody is there. */
export const seesOnline = (page, name) =>
  page
    .locator(`.row[data-user="${idOf(name)}"][data-online="true"]`)
    .waitFor({ timeout: PATIENCE_MS });

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

/** The id of the call that a page shows. */
export const callId = (page) => page.locator('.stage').getAttribute('data-call-id');

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
