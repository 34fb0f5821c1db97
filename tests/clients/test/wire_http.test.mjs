// Engine.IO over HTTP: handshakes, polling, and every error answer, beside the official servers.
import net from 'node:net';
import { compare } from '../lib/differential.mjs';
import { pollsWait, within } from '../lib/waiting.mjs';

const v4 = 'EIO=4&transport=polling';
/** A case that is one request. */
const request = (name, method, query, options) => ({
  name: `${name}: ${method} ?${query}`,
  run: (wire) => wire.request(method, query, options),
});

/** How an upgrade is answered that is refused: the status, and whether the error is named. */
const upgrade = (name, query, message) => ({
  name: `${name}: upgrade ?${query}`,
  run: async (wire) => {
    const talk = await wire.websocket(query);
    const [first] = talk.log;
    return { status: talk.refused, named: Boolean(first?.text?.includes(message)) };
  },
});

const handshakes = [
  request('a handshake', 'GET', v4),
  request('a handshake with a cache buster', 'GET', `${v4}&t=abc123`),
  request('a handshake with base64', 'GET', `${v4}&b64=1`),
  request('a handshake with an empty sid', 'GET', `${v4}&sid=`),
  request('a handshake whose parameters are escaped', 'GET', 'EIO=%34&transport=p%6flling'),
  {
    ...request('a handshake with a parameter twice', 'GET', `EIO=3&${v4}`),
    differs: {
      because: 'the first of two counts, as with headers',
      carillon: {
        status: 400,
        type: 'application/json',
        body: '{"code":5,"message":"Unsupported protocol version"}',
      },
    },
  },
  request('no parameters', 'GET', ''),
  request('no transport', 'GET', 'EIO=4'),
  request('an empty transport', 'GET', 'EIO=4&transport='),
  request('an unknown transport', 'GET', 'EIO=4&transport=abc'),
  request('a transport that is off', 'GET', 'EIO=4&transport=webtransport'),
  request('a transport in capitals', 'GET', 'EIO=4&transport=POLLING'),
  request('a name of Object.prototype', 'GET', 'EIO=4&transport=__proto__'),
  request('no EIO', 'GET', 'transport=polling'),
  ...['3', '5', '', 'abc', '04', '4.0'].map((version) =>
    request('another EIO', 'GET', `EIO=${version}&transport=polling`),
  ),
  ...['POST', 'PUT', 'DELETE', 'PATCH'].map((method) => request('no sid', method, v4)),
  request('no sid and a body', 'POST', v4, { body: '4hello' }),
  request('no sid and another EIO', 'POST', 'EIO=3&transport=polling'),
  request('websocket without an upgrade', 'GET', 'EIO=4&transport=websocket'),
  request('websocket without an upgrade', 'POST', 'EIO=4&transport=websocket'),
  ...['GET', 'POST'].map((method) => request('an unknown sid', method, `${v4}&sid=unknown`)),
  request('a sid of Object.prototype', 'GET', `${v4}&sid=__proto__`),
  request('an unknown sid and another EIO', 'GET', 'EIO=3&transport=polling&sid=unknown'),
  request('an unknown sid and transport', 'GET', 'EIO=4&transport=abc&sid=unknown'),
  request('an unknown sid for websocket', 'GET', 'EIO=4&transport=websocket&sid=unknown'),
  upgrade('no transport', 'EIO=4', 'Transport unknown'),
  upgrade('an unknown transport', 'EIO=4&transport=abc', 'Transport unknown'),
  upgrade('an unknown sid', 'EIO=4&transport=websocket&sid=unknown', 'Session ID unknown'),
  {
    name: 'an upgrade with another EIO is not opened',
    run: async (wire) => {
      const talk = await wire.websocket('EIO=3&transport=websocket');
      await talk.end();
      return talk.log.some((packet) => typeof packet === 'string' && packet.startsWith('0'));
    },
  },
  {
    name: 'a method that does not exist for a session',
    run: async (wire) => {
      const session = await wire.session();
      const statuses = [];
      for (const method of ['PUT', 'DELETE', 'PATCH']) {
        statuses.push(await wire.status(method, session));
      }
      await wire.push(session, '4still');
      return { statuses, then: await wire.poll(session) };
    },
    differs: {
      because: 'a wrong method is the client’s mistake (405), not a failure of the server (500)',
      carillon: {
        statuses: [405, 405, 405],
        then: { status: 200, type: 'text/plain', body: '4still' },
      },
    },
  },
  {
    name: 'the transport of a session is another',
    run: async (wire) => {
      const session = await wire.session();
      const other = session.replace('polling', 'websocket');
      return [await wire.request('GET', other), await wire.request('POST', other)];
    },
  },
  {
    name: 'the protocol of a session is another',
    run: async (wire) => {
      const session = await wire.session();
      const other = session.replace('EIO=4', 'EIO=3');
      const none = session.replace('EIO=4&', '');
      return [await wire.poll(other), await wire.push(other, '4x'), await wire.poll(none)];
    },
  },
  {
    name: 'polling on the session of a WebSocket',
    run: async (wire) => {
      const talk = await wire.websocket();
      await talk.atLeast(1);
      const session = `${v4}&sid=${talk.sid}`;
      return [await wire.poll(session), await wire.push(session, '4x')];
    },
  },
];

const echo = (name, payload, ...more) => ({
  name,
  run: async (wire) => {
    const session = await wire.session();
    const pushed = await wire.push(session, payload, ...more);
    return [pushed, await wire.poll(session)];
  },
});

const unknown = {
  status: 400,
  type: 'application/json',
  body: '{"code":1,"message":"Session ID unknown"}',
};

/** A payload that ends the session. */
const refused = (name, payload) => ({
  name,
  run: async (wire) => {
    const session = await wire.session();
    const status = await wire.status('POST', session, { body: payload });
    return { status, then: await wire.poll(session) };
  },
  differs: {
    because: 'the sender of a bad payload is told by a 400, and not that it was ok',
    carillon: { status: 400, then: unknown },
  },
});

/** Packets without an effect: a message after them is echoed alone. */
const ignored = (name, payload) => ({
  name,
  run: async (wire) => {
    const session = await wire.session();
    const pushed = await wire.push(session, payload);
    await wire.push(session, '4fence');
    return [pushed, await wire.poll(session)];
  },
});

const twice = (name, payload) => ({
  name,
  run: async (wire) => {
    const session = await wire.session();
    const first = wire.poll(session);
    await pollsWait();
    await wire.push(session, payload);
    return [await first, await wire.poll(session)];
  },
});

const sessions = [
  echo('a message', '4hello'),
  echo('an empty message', '4'),
  echo('text of many kinds', '4ünï 😀 " \\ \u0000 \u2028'),
  echo('two messages', '4one\x1e4two'),
  echo('bytes', 'bAQIDBA=='),
  echo('bytes and text', '4one\x1ebAQID\x1e4two'),
  echo('bytes with characters of base64', 'b+/+/'),
  echo('a message with another content type', '4hello', { 'content-type': 'application/json' }),
  echo('a message as a form', '4hello', { 'content-type': 'application/x-www-form-urlencoded' }),
  echo('a message that looks like a payload', '4{"a":"\\u001e"}'),
  echo('a payload of the greatest size', `4${'x'.repeat(99999)}`),
  echo('many messages', Array.from({ length: 500 }, (_, n) => `4${n}`).join('\x1e')),
  refused('no packet', ''),
  refused('an unknown packet type', '7'),
  refused('text', 'abc'),
  refused('a separator at the end', '4one\x1e'),
  refused('two separators', '4one\x1e\x1e4two'),
  refused('a separator alone', '\x1e'),
  refused('a ping from the client', '2'),
  refused('a probe outside an upgrade', '2probe'),
  {
    name: 'application/octet-stream',
    run: async (wire) => {
      const session = await wire.session();
      const headers = { 'content-type': 'application/octet-stream' };
      const status = await wire.status('POST', session, { body: '4hello', headers });
      return { status, then: await wire.poll(session) };
    },
  },
  ignored('a pong that nobody asked for', '3'),
  ignored('a pong with text', '3probe'),
  ignored('an upgrade packet', '5'),
  ignored('a noop', '6'),
  ignored('an open packet', '0{}'),
  {
    name: 'a payload that is too big',
    run: async (wire) => {
      const session = await wire.session();
      return wire.status('POST', session, { body: `4${'x'.repeat(100000)}` });
    },
  },
  {
    name: 'a payload that is much too big',
    run: async (wire) => {
      const session = await wire.session();
      const status = await wire.status('POST', session, { body: `4${'x'.repeat(3000000)}` });
      return status === 413 || status === 'aborted';
    },
  },
  {
    name: 'a message to a poll that waits',
    run: async (wire) => {
      const session = await wire.session();
      const poll = wire.poll(session);
      await wire.push(session, '4hello');
      return poll;
    },
  },
  {
    name: 'the messages of several requests in one answer',
    run: async (wire) => {
      const session = await wire.session();
      for (const n of [1, 2, 3]) await wire.push(session, `4${n}`);
      return wire.poll(session);
    },
  },
  {
    name: 'the client closes the session',
    run: async (wire) => {
      const session = await wire.session();
      const poll = wire.poll(session);
      const pushed = await wire.push(session, '1');
      return [pushed, await poll, await wire.poll(session)];
    },
  },
  {
    name: 'the client closes the session while no poll waits',
    run: async (wire) => {
      const session = await wire.session();
      return [await wire.push(session, '1'), await wire.poll(session)];
    },
  },
  {
    name: 'what follows a close packet is not looked at',
    run: async (wire) => {
      const session = await wire.session();
      await wire.push(session, '1\x1e4late');
      return wire.poll(session);
    },
  },
  twice('a bad packet while a poll waits', 'abc'),
  twice('a ping from the client while a poll waits', '2'),
  {
    name: 'two polls at once',
    run: async (wire) => {
      const session = await wire.session();
      const first = wire.poll(session);
      await pollsWait();
      const second = await wire.status('GET', session);
      return [await first, second, await wire.poll(session)];
    },
  },
  {
    name: 'two requests with data at once',
    run: async (wire) => {
      const session = await wire.session();
      const slow = net.connect(wire.server.port, '127.0.0.1');
      slow.on('error', () => undefined);
      slow.write(
        `POST ${wire.path}?${session} HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\n4sl`,
      );
      await new Promise((done) => setTimeout(done, 200));
      const second = await wire.status('POST', session, { body: '4x' });
      const then = await wire.poll(session);
      slow.destroy();
      return [second, then];
    },
    differs: {
      because: 'a request with data counts when it is whole, and the first one never was',
      carillon: [200, { status: 200, type: 'text/plain', body: '4x' }],
    },
  },
  {
    name: 'the client goes while its poll waits',
    run: async (wire) => {
      const session = await wire.session();
      const poll = net.connect(wire.server.port, '127.0.0.1');
      poll.write(`GET ${wire.path}?${session} HTTP/1.1\r\nHost: x\r\n\r\n`);
      await pollsWait();
      poll.destroy();
      await pollsWait();
      return wire.push(session, '4late');
    },
  },
  {
    name: 'the client goes while it sends',
    run: async (wire) => {
      const session = await wire.session();
      const post = net.connect(wire.server.port, '127.0.0.1');
      post.write(`POST ${wire.path}?${session} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n4l`);
      await pollsWait();
      post.destroy();
      await pollsWait();
      return wire.push(session, '4late');
    },
    differs: {
      because: 'what never came whole is as if it was never sent; the client may send it again',
      carillon: { status: 200, type: 'text/html', body: 'ok' },
    },
  },
  {
    name: 'a payload in chunks',
    run: async (wire) => {
      const session = await wire.session();
      const post = net.connect(wire.server.port, '127.0.0.1');
      let text = '';
      const answered = new Promise((done) =>
        post.on('data', (chunk) => (text += chunk).endsWith('ok') && done()),
      );
      post.write(
        `POST ${wire.path}?${session} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n` +
          '3\r\n4ch\r\n5\r\nunked\r\n0\r\n\r\n',
      );
      await within(answered, 'the answer to a chunked request');
      post.destroy();
      return wire.poll(session);
    },
  },
];

for (const path of ['/engine.io/', '/socket.io/']) {
  compare(
    `handshakes at ${path}`,
    { path },
    path === '/engine.io/'
      ? handshakes
      : handshakes.filter(({ name }) => !name.startsWith('a method')),
  );
}
compare('polling', { path: '/engine.io/' }, sessions);
