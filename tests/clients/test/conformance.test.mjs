// What the official suites of the two protocols look at, beside the official servers, with the
// settings that those are run with: payloads of a million bytes and, for what is about it, a heartbeat
// of 300 and 200 ms.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, it } from 'node:test';
import WebSocket from 'ws';
import { compare, startEcho } from '../lib/differential.mjs';
import { within } from '../lib/waiting.mjs';

const settings = { maxPayload: 1000000 };
const hasty = { ...settings, pingInterval: 300, pingTimeout: 200 };

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const bytes = (...values) => Buffer.from(values);

/** A WebSocket that leaves pings unanswered. */
async function unanswering(wire, query) {
  const talk = await wire.websocket(query);
  talk.answersPings = false;
  return talk;
}

/** The first `count` packets, fewer where the connection was closed. */
async function heard(talk, count) {
  await talk.atLeast(count);
  return talk.log.slice(0, count);
}

/** A session, and the WebSocket that it is to leave polling for. */
async function probing(wire) {
  const session = await wire.session();
  return { session, talk: await wire.probe(session) };
}

const heartbeats = [
  {
    name: 'a handshake over polling',
    run: (wire) => wire.request('GET', 'EIO=4&transport=polling'),
  },
  {
    name: 'a handshake over websocket',
    run: async (wire) => {
      return heard(await unanswering(wire), 1);
    },
  },
  {
    name: 'three pings over polling, each alone in its payload',
    run: async (wire) => {
      const session = await wire.session();
      const answers = [];
      for (let i = 0; i < 3; ++i) {
        answers.push(await wire.poll(session), await wire.push(session, '3'));
      }
      return answers;
    },
  },
  {
    name: 'three pings over websocket',
    run: async (wire) => {
      const talk = await wire.websocket();
      talk.logsPings = true;
      return heard(talk, 4);
    },
  },
  {
    name: 'no pong over websocket',
    run: async (wire) => (await unanswering(wire)).end(),
  },
  {
    name: 'a close packet over websocket', // by which the official server stops to listen
    run: async (wire) => {
      const talk = await unanswering(wire);
      talk.send('1');
      return talk.end();
    },
  },
];

/** What holds for a session whatever its messages mean. */
const anySession = [
  {
    name: 'requests that open no session',
    run: (wire) =>
      Promise.all(
        [
          ['GET', 'transport=polling'],
          ['GET', 'EIO=abc&transport=polling'],
          ['GET', 'EIO=4'],
          ['GET', 'EIO=4&transport=abc'],
          ['POST', 'EIO=4&transport=polling'],
          ['PUT', 'EIO=4&transport=polling'],
        ].map((request) => wire.status(...request)),
      ),
  },
  ...['transport=websocket', 'EIO=abc&transport=websocket', 'EIO=4', 'EIO=4&transport=abc'].map(
    (query) => ({
      name: `a WebSocket that opens no session: ?${query}`,
      run: async (wire) => {
        const talk = await unanswering(wire, query);
        await talk.end();
        return talk.log.some((packet) => typeof packet === 'string' && packet[0] === '0');
      },
    }),
  ),
  {
    name: 'a close packet beside a poll',
    run: async (wire) => {
      const session = await wire.session();
      const [polled, pushed] = await Promise.all([wire.poll(session), wire.push(session, '1')]);
      return [polled, pushed, await wire.status('GET', session)];
    },
  },
  {
    name: 'a poll right behind the upgrade packet, for whose probe nobody waited',
    run: async (wire) => {
      const { session, talk } = await probing(wire);
      talk.send('2probe', '5');
      return wire.status('GET', session);
    },
  },
  {
    name: 'a WebSocket right behind the upgrade packet',
    run: async (wire) => {
      const { session, talk } = await probing(wire);
      talk.send('2probe', '5');
      return (await wire.probe(session)).end();
    },
  },
];

const echo = (name, payload) => ({
  name: `${name} comes back over polling`,
  run: async (wire) => {
    const session = await wire.session();
    return [await wire.push(session, payload), await wire.poll(session)];
  },
});

const echoes = [
  echo('a message', '4hello'),
  echo('a payload of messages', '4test1\x1e4test2\x1e4test3'),
  echo('a payload of text and bytes', '4hello\x1ebAQIDBA=='),
  {
    name: 'text and bytes come back over websocket',
    run: async (wire) => {
      const talk = await unanswering(wire);
      talk.send('4hello', bytes(1, 2, 3, 4));
      return heard(talk, 3);
    },
  },
  {
    name: 'a payload of no packets ends the session',
    run: async (wire) => {
      const session = await wire.session();
      await wire.request('POST', session, { body: 'abc' });
      return wire.status('GET', session);
    },
  },
  {
    name: 'text that is no packet ends the session, over websocket',
    run: async (wire) => {
      const talk = await unanswering(wire);
      talk.send('abc');
      return talk.end();
    },
  },
  {
    name: 'a second poll ends the session and the first one',
    run: async (wire) => {
      const session = await wire.session();
      const [first, second] = await Promise.all([
        wire.poll(session),
        pause(20).then(() => wire.status('GET', `${session}&t=again`)),
      ]);
      return [first, second, await wire.status('GET', session)];
    },
  },
  {
    name: 'a poll that is given up ends the session, also for the poll right behind it',
    run: async (wire) => {
      const session = await wire.session();
      const poll = net.connect(wire.server.port, '127.0.0.1');
      poll.write(`GET ${wire.path}?${session} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await pause(20);
      poll.destroy();
      return wire.status('GET', session);
    },
  },
  {
    name: 'a poll is sent away with a noop while the client probes',
    run: async (wire) => {
      const { session, talk } = await probing(wire);
      talk.send('2probe');
      await talk.atLeast(1);
      const polled = await wire.poll(session);
      talk.send('5', '4hello');
      return [polled, await heard(talk, 2)];
    },
  },
  ...[
    ['a poll', (wire, session) => wire.status('GET', session)],
    ['a WebSocket', async (wire, session) => (await wire.probe(session)).end()],
  ].map(([what, run]) => ({
    name: `${what} for a session that was just upgraded changes nothing`,
    run: async (wire) => {
      const { session, talk } = await probing(wire);
      talk.send('2probe');
      await talk.atLeast(1);
      talk.send('5');
      const refused = await run(wire, session);
      talk.send('4hello');
      return [refused, await heard(talk, 2)];
    },
  })),
];

/** What comes of these packets, until `count` packets came or the connection was closed. */
const converse = (name, count, ...packets) => ({
  name,
  run: async (wire) => {
    const talk = await wire.websocket();
    talk.send(...packets);
    return heard(talk, count);
  },
});

const two = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}';
const attachments = [bytes(1, 2, 3), bytes(4, 5, 6)];

const sockets = [
  converse('CONNECT', 3, '40'),
  converse('CONNECT with a payload', 3, '40{"token":"123"}'),
  converse('CONNECT to another namespace', 3, '40/custom,'),
  converse('CONNECT to another namespace, with a payload', 3, '40/custom,{"token":"abc"}'),
  converse('CONNECT to a namespace that does not exist', 2, '40/random'),
  converse('something else in place of CONNECT', 2, '4abc'),
  {
    name: 'DISCONNECT from another namespace leaves the main one',
    run: async (wire) => {
      const talk = await wire.websocket();
      await talk.step('40');
      await talk.atLeast(3);
      await talk.step('40/custom');
      await talk.atLeast(5);
      talk.send('41/custom', '42["message","message to main namespace"]');
      return heard(talk, 6);
    },
  },
  ...[
    ['an event', '42["message",1,"2",{"3":[true]}]'],
    ['an event that asks', '42456["message-with-ack",1,"2",{"3":[false]}]'],
    ['an event with attachments', `452-["message",${two}]`, ...attachments],
    ['an event with attachments that asks', `452-789["message-with-ack",${two}]`, ...attachments],
    ['a packet of no type', '4abc'],
    ['a payload that is no array', '42{}'],
    ['an id that is no number', '42abc["message-with-ack",1,"2",{"3":[false]}]'],
  ].map(([name, ...packets]) => ({
    name,
    run: async (wire) => {
      const talk = await wire.websocket();
      await talk.step('40');
      await talk.atLeast(3);
      talk.log.length = 0;
      talk.send(...packets);
      return heard(talk, packets.length);
    },
  })),
];

const joinedOrNot = [
  {
    name: 'nothing in place of CONNECT, and no pong',
    run: async (wire) => (await unanswering(wire)).end(),
  },
  {
    name: 'after DISCONNECT the heartbeat goes on',
    run: async (wire) => {
      const talk = await wire.websocket();
      await talk.step('40');
      await talk.atLeast(3);
      talk.logsPings = true;
      await talk.step('41');
      return heard(talk, 5);
    },
  },
];

for (const path of ['/engine.io/', '/socket.io/']) {
  compare(`heartbeats at ${path}`, { path, settings: hasty }, heartbeats);
  compare(`any session at ${path}`, { path, settings }, anySession);
}
compare('heartbeats and CONNECT', { path: '/socket.io/', settings: hasty }, joinedOrNot);
compare('an Engine.IO echo', { path: '/engine.io/', settings }, echoes);
compare('a Socket.IO echo', { path: '/socket.io/', settings }, sockets);

// A client that looks for one message at a time loses the second of two that one read brought.
describe('the two answers to CONNECT', () => {
  let server;
  before(async () => (server = await startEcho(settings)));
  after(() => server?.stop());

  it('reach a client that looks for them one after the other', async () => {
    const target = `ws://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=websocket`;
    const connect = async () => {
      const socket = new WebSocket(target);
      const next = () =>
        within(
          new Promise((done) => socket.once('message', (data) => done(`${data}`))),
          'a message',
        );
      await next();
      socket.send('40{"n":1}');
      const answers = [await next(), await next()];
      socket.close();
      return answers;
    };
    const all = await Promise.all(Array.from({ length: 50 }, connect));
    for (const [connected, auth] of all) {
      assert.match(connected, /^40\{"sid":"[^"]+"\}$/);
      assert.equal(auth, '42["auth",{"n":1}]');
    }
  });
});
