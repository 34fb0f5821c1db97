// Bad packets of every kind get a clear answer, and the server goes on serving others.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { fenceByRelay, newUser, pair, proveAlive, survive, talk } from '../lib/calls.mjs';
import { Device } from '../lib/device.mjs';
import { RawDevice } from '../lib/raw.mjs';
import { history } from '../lib/rest.mjs';
import { suite, TEST_MS } from '../lib/suite.mjs';

const env = { LIMITS_AUTH_FAILURES: '0' };

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
        // An event that asks follows: it is answered unless the connection was closed.
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
      for (const bytes of [
        [0xff, 0xfe],
        [0xc0, 0x80],
        [0xed, 0xa0, 0x80],
        [0xf5, 0x80, 0x80, 0x80],
      ]) {
        const device = await RawDevice.open(server(), newUser('eve'));
        const text = Buffer.concat([
          Buffer.from('42["x","'),
          Buffer.from(bytes),
          Buffer.from('"]'),
        ]);
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
    for (const value of [
      Buffer.from('binary'),
      { sdp: Buffer.alloc(100) },
      [Buffer.alloc(1), Buffer.alloc(2)],
    ]) {
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

suite('odd but valid', { env, versions: ['latest'] }, ({ server }) => {
  it('text of many kinds in ids and names', { timeout: TEST_MS }, async () => {
    const names = [
      'ünï',
      '😀',
      '"quoted"',
      'back\\slash',
      '</script>',
      '{{x}}',
      "o'hara;--",
      '%00%0a',
    ];
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
