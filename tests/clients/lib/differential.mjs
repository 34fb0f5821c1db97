// The same input to Carillon and to the official servers, and their answers side by side.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Reference } from './reference.mjs';
import { Server } from './server.mjs';
import { ask, PollingTalk, WebSocketTalk } from './talk.mjs';

const defaults = {
  pingInterval: 25000,
  pingTimeout: 20000,
  connectTimeout: 10000,
  maxPayload: 100000,
};

/** Carillon set up as the official servers are; `settings` as for `Reference`. */
export function startEcho(settings = {}) {
  const all = { ...defaults, ...settings };
  const args = {
    '--ping-interval-ms': all.pingInterval,
    '--ping-timeout-ms': all.pingTimeout,
    '--connect-timeout-ms': all.connectTimeout,
    '--max-payload': all.maxPayload,
  };
  return Server.start({
    args: ['--conformance-echo', ...Object.entries(args).flat().map(String)],
    env: all.corsOrigin ? { CORS_ORIGINS: all.corsOrigin } : {},
  });
}

/** One server as a case of a table sees it. */
class Wire {
  constructor(server, path, settings) {
    this.server = server;
    this.path = path;
    this.settings = settings;
    this.talks = [];
  }

  /** A request to the path, as `{status, type, body}` without what may differ. */
  async request(method, query, options) {
    const answer = await ask(this.server, method, `${this.path}?${query}`, options);
    if (answer.aborted) return { aborted: true };
    const type = answer.headers['content-type']?.split(';')[0];
    const body = answer.body.replace(/"sid":"[^"]*"/, '"sid":"*"');
    return { status: answer.status, ...(type && body ? { type, body } : { body }) };
  }

  /** The status alone, or 'aborted'. */
  async status(method, query, options) {
    const { status = 'aborted' } = await this.request(method, query, options);
    return status;
  }

  /** A new polling session: its query. */
  async session() {
    const query = 'EIO=4&transport=polling';
    const { body } = await ask(this.server, 'GET', `${this.path}?${query}`);
    return `${query}&sid=${JSON.parse(body.slice(1)).sid}`;
  }

  poll(session) {
    return this.request('GET', session);
  }

  push(session, body, headers) {
    return this.request('POST', session, { body, headers });
  }

  async websocket(query) {
    const talk = await WebSocketTalk.open(this.server, this.path, query);
    this.talks.push(talk);
    return talk;
  }

  async polling() {
    const talk = await PollingTalk.open(this.server, this.path);
    this.talks.push(talk);
    return talk;
  }

  /** A WebSocket for the upgrade of a polling session. */
  probe(session) {
    return this.websocket(session.replace('polling', 'websocket'));
  }

  /** A session whose upgrade is complete, and its WebSocket; for an Engine.IO echo. */
  async upgraded() {
    const session = await this.session();
    const talk = await this.probe(session);
    talk.send('2probe');
    await talk.atLeast(1);
    talk.send('5');
    await talk.settle('4upgraded', '4upgraded');
    talk.log.length = 0;
    return { session, talk };
  }

  drop() {
    for (const talk of this.talks) talk.drop();
  }
}

/** With this, the official server takes Carillon's place: shows that the tables are steady. */
const against = process.env.CARILLON_WIRE_AGAINST ?? 'carillon';

/**
 * Declares a table of cases `{name, run(wire), differs?}`. `run` gives what was observed, and is run
 * once for each server. `differs: {because, carillon}` is for what Carillon does on purpose in another
 * way: then `carillon` is what it has to do.
 */
export function compare(title, { path, settings = {} }, cases) {
  describe(title, () => {
    let carillon;
    let official;
    before(async () => {
      const all = { ...defaults, ...settings };
      official = await Reference.start(all);
      carillon = await (against === 'carillon' ? startEcho(all) : Reference.start(all));
    });
    after(async () => {
      await official?.stop();
      await carillon?.stop();
    });
    const names = new Set();
    for (const { name, run, differs } of cases) {
      assert.ok(!names.has(name), `two cases are named ${name}`);
      names.add(name);
      const what = differs ? `${name} (differs: ${differs.because})` : name;
      it(what, { timeout: 60000, skip: differs && against !== 'carillon' }, async () => {
        const observe = async (server) => {
          const wire = new Wire(server, path, { ...defaults, ...settings });
          try {
            return await run(wire);
          } finally {
            wire.drop();
          }
        };
        const [ours, theirs] = await Promise.all([observe(carillon), observe(official)]);
        assert.notEqual(theirs, undefined, 'the case observes nothing');
        if (!differs) {
          assert.deepEqual(ours, theirs);
          return;
        }
        assert.deepEqual(ours, differs.carillon);
        assert.notDeepEqual(ours, theirs, 'no difference is left to be excused');
      });
    }
  });
}
