// Bad input of every kind gets a clear answer, and the server goes on serving others.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { fenceByRelay, newUser, pair, proveAlive, talk } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { RawDevice, tcp } from '../lib/raw.mjs';
import { history } from '../lib/rest.mjs';
import { suite, TEST_MS } from '../lib/suite.mjs';
import { token } from '../lib/token.mjs';

const env = { LIMITS_AUTH_FAILURES: '0' };
const upgrade = (path = '/socket.io/?EIO=4&transport=websocket') =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: Y2FyaWxsb24tbG9hZC0wMQ==\r\n\r\n';

/** Runs `attack` while two others talk, who must not notice; afterwards a new call works. */
async function survive(server, attack) {
  const { alice, bob } = await pair(server);
  const callId = await talk(alice, bob);
  await attack();
  await fenceByRelay(alice, bob, callId);
  await fenceByRelay(bob, alice, callId);
  assert.deepEqual([...alice.takeNames(), ...bob.takeNames()], [], 'others noticed');
  await proveAlive(server);
}

suite('bad packets', { env, versions: ['latest'] }, ({ server }) => {
  it('broken events: an error or a close, never silence', { timeout: TEST_MS }, async () => {
    const packets = [
      '42',
      '42[',
      '42[]',
      '42{}',
      '42null',
      '42[1,2]',
      '42["initiateCall"',
      '42["initiateCall",',
      '42["initiateCall",{]',
      '42["initiateCall",{"receiverId":"x",}]',
      "42['initiateCall',{}]",
      '42["initiateCall",{}] trailing',
      '42["connect",{}]',
      '42["disconnect"]',
      '42/other,["initiateCall",{}]',
      '4299999999999999999999999["initiateCall",{}]',
      '42\u0000["initiateCall",{}]',
      '43["no such acknowledgement"]',
      '44{"message":"from a client"}',
      '45',
      '451-["initiateCall",{"_placeholder":true,"num":0}]',
      '45999999-["initiateCall",{}]',
      '461-["x"]',
      '49["x"]',
      '4',
      '7',
      'x',
      'zzz',
      '40{"token":"again"}',
      '40/admin,{}',
    ];
    await survive(server(), async () => {
      for (const packet of packets) {
        const device = await RawDevice.open(server(), newUser('eve'));
        device.send(packet);
        // An event that asks for an acknowledgement follows: it is answered unless the connection was closed.
        device.send('4277["no such event"]');
        const reaction = await Promise.race([
          device.next((text) => text.startsWith('4377[')).then(() => 'served'),
          device.end().then(({ code }) => `closed ${code}`),
        ]);
        assert.match(reaction, /^(served|closed (1000|1002|1003|1005|1007|1008))$/, packet);
        device.close();
      }
    });
  });

  it('garbage as text and as binary frames', { timeout: TEST_MS }, async () => {
    await survive(server(), async () => {
      for (let i = 0; i < 20; ++i) {
        const device = await RawDevice.open(server(), i % 2 ? newUser('eve') : undefined);
        const bytes = randomBytes(1 + i * 50);
        if (i % 4 < 2) device.sendBinary(bytes);
        else device.send(bytes.toString('base64'));
        device.send('4277["no such event"]');
        await device.reaction();
        device.close();
      }
    });
  });

  it('text that is no UTF-8 closes with 1007', { timeout: TEST_MS }, async () => {
    await survive(server(), async () => {
      for (const bytes of [[0xff, 0xfe], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
        const device = await RawDevice.open(server(), newUser('eve'));
        const text = Buffer.concat([Buffer.from('42["x","'), Buffer.from(bytes), Buffer.from('"]')]);
        device.send(text);
        assert.equal((await device.end()).code, 1007);
      }
    });
  });

  it('frames over the limit close with 1009', { timeout: TEST_MS }, async () => {
    await survive(server(), async () => {
      for (const size of [131073, 1 << 20, 10 << 20]) {
        const device = await RawDevice.open(server(), newUser('eve'));
        device.send(`42["x","${'y'.repeat(size)}"]`);
        assert.equal((await device.end()).code, 1009, `${size} bytes`);
        const before = await RawDevice.open(server());
        before.send('z'.repeat(size));
        assert.equal((await before.end()).code, 1009, `${size} bytes before CONNECT`);
      }
    });
  });

  it('a frame just below the limit passes', { timeout: TEST_MS }, async () => {
    const device = await RawDevice.open(server(), newUser('alice'));
    const packet = (size) => `421["no such event","${'y'.repeat(size)}"]`;
    device.send(packet(131072 - packet(0).length));
    const text = await device.next((frame) => frame.startsWith('431['));
    assert.ok(text.includes('unknown_event'));
    device.close();
  });

  it('JSON that nests too deep', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server());
    const callId = await talk(alice, bob);
    for (const depth of [100, 1000, 60000]) {
      for (const [open, close] of [
        ['[', ']'],
        ['{"a":', '}'],
      ]) {
        if (open.length * depth > 120000) continue;
        const device = await RawDevice.open(server(), newUser('eve'));
        const inner = `${open.repeat(depth)}1${close.repeat(depth)}`;
        const data = `{"to":"${bob.user}","callId":"${callId}","candidate":${inner}}`;
        device.send(`425["sendIceCandidate",${data}]`);
        const reaction = await device.reaction();
        if (reaction.text !== undefined) assert.match(reaction.text, /callError|"ok":false/);
        else assert.ok([1002, 1007, 1008, 1009].includes(reaction.code), `closed ${reaction.code}`);
        device.close();
      }
    }
    await fenceByRelay(alice, bob, callId);
    assert.deepEqual(bob.takeNames(), []);
    await proveAlive(server());
  });
});

suite('binary in call events', { env }, ({ server, client }) => {
  it('is refused with a typed error', { timeout: TEST_MS }, async () => {
    const { alice, bob } = await pair(server(), { client });
    const callId = await talk(alice, bob);
    for (const value of [Buffer.from('binary'), { sdp: Buffer.alloc(100) }, [Buffer.alloc(1), Buffer.alloc(2)]]) {
      const ack = await alice.ask('sendIceCandidate', { to: bob.user, callId, candidate: value });
      assert.equal(ack.ok, false);
      assert.equal(ack.code, 'binary_refused');
      assert.equal((await alice.next('callError')).code, 'binary_refused');
    }
    alice.emit('sendOffer', { to: bob.user, callId, offer: Buffer.from('x') });
    assert.equal((await alice.next('callError')).code, 'binary_refused');
    await fenceByRelay(alice, bob, callId);
    await fenceByRelay(bob, alice, callId);
    assert.deepEqual(bob.takeNames(), []);
  });
});

suite('bad HTTP and TCP', { env, versions: ['latest'] }, ({ server }) => {
  it('random bytes', { timeout: TEST_MS }, async () => {
    await survive(server(), async () => {
      for (let i = 0; i < 20; ++i) {
        const connection = tcp(server(), Buffer.concat([randomBytes(10 + i * 500), Buffer.from('\r\n\r\n')]));
        const { received } = await connection.end();
        if (received.length) assert.match(received.toString('latin1'), /^HTTP\/1\.[01] 4\d\d /);
      }
    });
  });

  it('malformed requests are 4xx', { timeout: TEST_MS }, async () => {
    const bearer = `Authorization: Bearer ${token(newUser('eve'))}\r\n`;
    const requests = [
      'GET\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET ${'/a'.repeat(20000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100000)}\r\n\r\n`,
      `POST /api/calls/initiate HTTP/1.1\r\nHost: x\r\n${bearer}Content-Length: abc\r\n\r\n`,
      `POST /api/calls/initiate HTTP/1.1\r\nHost: x\r\n${bearer}Content-Length: -1\r\n\r\n`,
      `POST /api/calls/initiate HTTP/1.1\r\nHost: x\r\n${bearer}Content-Length: 99999999999999\r\n\r\n`,
      `POST /api/calls/initiate HTTP/1.1\r\nHost: x\r\n${bearer}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      `POST /api/calls/initiate HTTP/1.1\r\nHost: x\r\n${bearer}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
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
      const header = Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]);
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

suite('odd but valid', { env, versions: ['latest'] }, ({ server }) => {
  it('text of many kinds in ids and names', { timeout: TEST_MS }, async () => {
    const names = ['ünï', '😀', '"quoted"', 'back\\slash', '</script>', '{{x}}', "o'hara;--", '%00%0a'];
    for (const name of names) {
      const user = `${newUser('odd')}-${name}`;
      const alice = await Device.open(server(), user);
      const bob = await Device.open(server(), newUser('bob'));
      const callId = await talk(alice, bob);
      await fenceByRelay(bob, alice, callId);
      await alice.must('endCall', { callId });
      const page = await history(server(), user);
      assert.equal(page.data[0].callerId._id, user);
      alice.close();
      bob.close();
    }
  });
});
