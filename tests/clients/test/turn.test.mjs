// A real TURN server takes the credentials that clients are given, and none that they make up.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { Device } from '../lib/device.mjs';
import { ok } from '../lib/rest.mjs';
import { Server } from '../lib/server.mjs';
import { BASE, enter, initiate } from '../lib/sessions.mjs';
import { TEST_MS } from '../lib/suite.mjs';
import { skipTurn, TurnServer } from '../lib/turn_server.mjs';

const secret = 'what coturn and carillon share';

/** As the server makes them, for any time and with any secret. */
function credentialsOf(user, secondsFromNow, key = secret) {
  const username = `${Math.floor(Date.now() / 1000) + secondsFromNow}:${user}`;
  return { username, credential: createHmac('sha1', key).update(username).digest('base64') };
}

describe('coturn with a shared secret', { skip: skipTurn() }, () => {
  let turn;
  let server;
  before(async () => {
    turn = await TurnServer.start(secret);
    server = await Server.start({ env: { TURN_SERVER_URL: turn.url, TURN_SECRET: secret } });
  });
  afterEach(closeAll);
  after(async () => {
    await turn?.stop();
    await server?.stop();
  });

  const ofList = (iceServers) => {
    const entries = iceServers.filter(({ urls }) => urls === turn.url);
    assert.equal(entries.length, 1, JSON.stringify(iceServers));
    return entries[0];
  };

  async function accepts(credentials) {
    const { accepted, output } = await turn.relays(credentials);
    assert.ok(accepted, `${JSON.stringify(credentials)}\n${output}\n${turn.output}`);
  }

  async function refuses(credentials) {
    const { accepted, output } = await turn.relays(credentials);
    assert.ok(!accepted && /Allocation/.test(output), `${JSON.stringify(credentials)}\n${output}`);
  }

  it('relays for direct callers', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    const { data } = await ok(server, user, 'GET', '/api/calls/ice-servers');
    const entry = ofList(data.iceServers);
    assert.ok(entry.username.endsWith(`:${user}`));
    await accepts(entry);
  });

  it('relays for those in a session', { timeout: TEST_MS }, async () => {
    const alice = await Device.open(server, newUser('alice'));
    const bob = await Device.open(server, newUser('bob'));
    const begun = await initiate(server, alice, [bob]);
    const { data } = await ok(server, bob.user, 'POST', `${BASE}/join/${begun.sessionId}`);
    const joined = await enter(bob, begun.sessionId);
    const given = [begun, data, joined].map(({ iceServers }) => ofList(iceServers));
    const users = given.map(({ username }) => username.split(':')[1]);
    assert.deepEqual(users, [alice.user, bob.user, bob.user]);
    await Promise.all(given.map(accepts));
  });

  it('refuses credentials that are forged or out of date', { timeout: TEST_MS }, async () => {
    const user = newUser('alice');
    const { data } = await ok(server, user, 'GET', '/api/calls/ice-servers');
    const { username, credential } = ofList(data.iceServers);
    const [expiry] = username.split(':');
    await accepts(credentialsOf(user, 60)); // so that the others fail for what they are
    for (const forged of [
      { username: `${Number(expiry) + 1}:${user}`, credential },
      { username: `${expiry}:mallory`, credential },
      { username, credential: `${credential.slice(0, -4)}AAA=` },
      { username, credential: secret },
      credentialsOf(user, 60, 'another secret'),
      credentialsOf(user, -60),
    ]) {
      await refuses(forged);
    }
  });
});
