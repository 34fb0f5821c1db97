// REST requests as a user.
import assert from 'node:assert/strict';
import { token } from './token.mjs';
import { within } from './waiting.mjs';

/** Sends one request; `who` is a user id, `{token}`, or null. Gives `{status, headers, body}`. */
export async function request(server, who, method, path, body, headers = {}) {
  const bearer = who === null ? undefined : (who.token ?? token(who));
  const answer = await within(
    fetch(server.url + path, {
      method,
      headers: {
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    }),
    `the answer to ${method} ${path}`,
  );
  const text = await answer.text();
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    assert.fail(`${method} ${path} answered ${answer.status} with no JSON: ${text.slice(0, 300)}`);
  }
  return { status: answer.status, headers: answer.headers, body: json };
}

/** As `request`, for what has to work: the whole body. */
export async function ok(server, who, method, path, body) {
  const answer = await request(server, who, method, path, body);
  const good = answer.status >= 200 && answer.status < 300 && answer.body.success === true;
  assert.ok(good, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** A request that has to be refused with this status and code: the body. */
export async function refused(server, who, method, path, body, status, code) {
  const answer = await request(server, who, method, path, body);
  const got = { status: answer.status, success: answer.body.success, code: answer.body.code };
  assert.deepEqual(got, { status, success: false, code }, JSON.stringify(answer.body));
  assert.equal(typeof answer.body.message, 'string');
  return answer.body;
}

export const history = (server, who, query = '') =>
  ok(server, who, 'GET', `/api/calls/history${query}`);

export const missed = (server, who, query = '') =>
  ok(server, who, 'GET', `/api/calls/missed${query}`);

/** The call in the history of `who`, or undefined. */
export async function recordOf(server, who, callId) {
  const page = await history(server, who, '?limit=100');
  const found = page.data.filter((call) => call._id === callId);
  assert.ok(found.length <= 1, `the call is ${found.length} times in the history`);
  return found[0];
}
