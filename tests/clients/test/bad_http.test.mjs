// Bad requests, handshakes and frames on bare TCP, and clients that are slow or vanish.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { newUser, proveAlive, survive } from '../lib/calls.mjs';
import { RawDevice, tcp } from '../lib/raw.mjs';
import { history } from '../lib/rest.mjs';
import { suite, TEST_MS } from '../lib/suite.mjs';
import { token } from '../lib/token.mjs';

const env = { LIMITS_AUTH_FAILURES: '0' };
const upgrade = (path = '/socket.io/?EIO=4&transport=websocket') =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: Y2FyaWxsb24tbG9hZC0wMQ==\r\n\r\n';

suite('bad HTTP and TCP', { env, versions: ['latest'] }, ({ server }) => {
  it('random bytes', { timeout: TEST_MS }, async () => {
    await survive(server(), async () => {
      for (let i = 0; i < 20; ++i) {
        const connection = tcp(
          server(),
          Buffer.concat([randomBytes(10 + i * 500), Buffer.from('\r\n\r\n')]),
        );
        const { received } = await connection.end();
        if (received.length) assert.match(received.toString('latin1'), /^HTTP\/1\.[01] 4\d\d /);
      }
    });
  });

  it('malformed requests are 4xx', { timeout: TEST_MS }, async () => {
    const bearer = `Authorization: Bearer ${token(newUser('eve'))}\r\n`;
    const post = `POST /api/calls/initiate HTTP/1.1\r\nHost: x\r\n${bearer}`;
    const requests = [
      'GET\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET ${'/a'.repeat(20000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100000)}\r\n\r\n`,
      `${post}Content-Length: abc\r\n\r\n`,
      `${post}Content-Length: -1\r\n\r\n`,
      `${post}Content-Length: 99999999999999\r\n\r\n`,
      `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ];
    await survive(server(), async () => {
      for (const text of requests) {
        const connection = tcp(server(), `${text}`);
        const { received } = await connection.end();
        const first = received.toString('latin1').split('\r\n')[0];
        if (received.length) assert.match(first, /^HTTP\/1\.[01] (4\d\d|505) /, text.slice(0, 80));
        connection.socket.destroy();
      }
    });
  });

  it('a body that is cut short', { timeout: TEST_MS }, async () => {
    await survive(server(), async () => {
      const head = `POST /api/calls/initiate HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n`;
      const connection = tcp(server(), `${head}Authorization: Bearer ${token('eve')}\r\n\r\n{"rec`);
      connection.socket.end();
      await connection.end();
    });
  });

  it('a hundred half requests do not keep others out', { timeout: TEST_MS }, async () => {
    const slow = [];
    for (let i = 0; i < 100; ++i) {
      const text = i % 2 ? 'GET /api/calls/history HTTP/1.1\r\nHost:' : upgrade().slice(0, 60);
      slow.push(tcp(server(), text));
    }
    await proveAlive(server());
    await history(server(), newUser('alice'));
    for (const each of slow) each.socket.destroy();
    await proveAlive(server());
  });

  it('malformed WebSocket frames close with 1002', { timeout: TEST_MS }, async () => {
    const frames = {
      'not masked': [0x81, 0x02, 0x34, 0x30],
      'reserved opcode': [0x83, 0x80, 0, 0, 0, 0],
      'reserved bit': [0xc1, 0x80, 0, 0, 0, 0],
      'continuation of nothing': [0x80, 0x80, 0, 0, 0, 0],
      'fragmented control frame': [0x09, 0x80, 0, 0, 0, 0],
    };
    await survive(server(), async () => {
      for (const [what, bytes] of Object.entries(frames)) {
        const connection = tcp(server(), upgrade());
        await new Promise((done) => connection.socket.once('data', done));
        connection.socket.write(Buffer.from(bytes));
        const { received } = await connection.end();
        assert.match(received.toString('latin1'), /^HTTP\/1\.1 101 /);
        // A close frame with 1002 is the last that comes; a server may also just close.
        const at = received.lastIndexOf(Buffer.from([0x88]));
        if (at > 0 && at + 4 <= received.length) {
          assert.equal(received.readUInt16BE(at + 2), 1002, what);
        }
      }
    });
  });

  it('a frame that announces more than it may', { timeout: TEST_MS }, async () => {
    await survive(server(), async () => {
      const connection = tcp(server(), upgrade());
      await new Promise((done) => connection.socket.once('data', done));
      const header = Buffer.from([
        0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4,
      ]);
      connection.socket.write(header);
      await connection.end();
    });
  });

  it('handshakes that ask for what is not there', { timeout: TEST_MS }, async () => {
    for (const path of [
      '/socket.io/?EIO=3&transport=websocket',
      '/socket.io/?transport=websocket',
      '/socket.io/?EIO=4&transport=carrier-pigeon',
      '/socket.io/?EIO=4&transport=websocket&sid=unknown',
      '/elsewhere/?EIO=4&transport=websocket',
    ]) {
      const connection = tcp(server(), upgrade(path));
      const { received } = await connection.end();
      assert.match(received.toString('latin1'), /^HTTP\/1\.1 4\d\d /, path);
    }
    await proveAlive(server());
  });

  it('clients that leave in the middle of everything', { timeout: TEST_MS }, async () => {
    await survive(server(), async () => {
      for (let i = 0; i < 30; ++i) {
        const device = await RawDevice.open(server(), newUser('eve'));
        device.send('42["initiateCall",{"receiverId":"nobody","callType":"audio"}]');
        device.ws._socket.destroy();
        const silent = tcp(server(), upgrade());
        await new Promise((done) => silent.socket.once('data', done));
        silent.socket.resetAndDestroy?.();
        silent.socket.destroy();
      }
    });
  });

  it('a flood of events and a client that reads nothing', { timeout: TEST_MS }, async () => {
    await survive(server(), async () => {
      const device = await RawDevice.open(server(), newUser('eve'));
      device.ws._socket.pause();
      for (let i = 0; i < 5000; ++i) device.send(`42${i}["endCall",{"callId":"x"}]`);
      await proveAlive(server());
      device.ws._socket.resume();
      device.close();
    });
  });
});
