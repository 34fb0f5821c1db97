// The same server behind TLS, and a certificate that changes while it runs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import tls from 'node:tls';
import { fenceByRelay, hangUp, newUser, talk } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { clients, Device } from '../lib/device.mjs';
import { negotiate } from '../lib/flow.mjs';
import { PlainDevice } from '../lib/plain_device.mjs';
import { Server } from '../lib/server.mjs';
import { TEST_MS } from '../lib/suite.mjs';
import { eventually, within } from '../lib/waiting.mjs';

/** Writes a new key and its own certificate for 127.0.0.1. */
function makeCertificate(folder, name) {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
      ...['-days', '2', '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')],
    ],
    { stdio: 'pipe' },
  );
  return readFileSync(join(folder, 'certificate.pem'));
}

describe('TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-tls-'));
  let server;
  let ca;
  before(async () => {
    ca = makeCertificate(folder, 'first');
    server = await Server.start({
      env: {
        TLS_CERTIFICATE: join(folder, 'certificate.pem'),
        TLS_KEY: join(folder, 'key.pem'),
      },
    });
  });
  after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(closeAll);

  /** A whole call, the histories left out: `fetch` cannot be told of the certificate. */
  async function call(alice, bob) {
    const callId = await talk(alice, bob);
    await negotiate(alice, bob, callId);
    await hangUp(bob, alice, callId);
  }

  for (const client of Object.keys(clients)) {
    for (const transports of [['websocket'], ['polling'], undefined]) {
      const way = transports ? `${transports} only` : 'default transports';
      it(`socket.io-client ${client}, ${way}`, { timeout: TEST_MS }, async () => {
        const options = { client, transports, ca };
        const alice = await Device.open(server, newUser('alice'), options);
        const bob = await Device.open(server, newUser('bob'), options);
        await call(alice, bob);
        if (!transports) {
          await eventually('the upgrade is done', () => alice.transport === 'websocket');
        }
      });
    }
  }

  it('plain WebSocket', { timeout: TEST_MS }, async () => {
    const alice = await PlainDevice.open(server, newUser('alice'), { ca });
    const bob = await PlainDevice.open(server, newUser('bob'), { ca });
    await call(alice, bob);
  });

  /** One request; the answer's status. */
  const get = (path, options) =>
    within(
      new Promise((done, fail) => {
        https
          .get(server.url + path, { ca, ...options }, (answer) => {
            answer.resume();
            done(answer.statusCode);
          })
          .on('error', fail);
      }),
      `GET ${path}`,
    );

  it('REST', { timeout: TEST_MS }, async () => {
    assert.equal(await get('/api/calls/history'), 401);
    assert.equal(await get('/nothing'), 404);
  });

  it('a client that does not know the certificate goes away', { timeout: TEST_MS }, async () => {
    await assert.rejects(get('/', { ca: undefined }), /self-signed/);
    assert.equal(await get('/'), 200);
  });

  it('those who speak no TLS harm nobody', { timeout: TEST_MS }, async () => {
    for (const bytes of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\x16\x03\x01\x00\x05hello', 'x']) {
      const socket = net.connect(server.port, '127.0.0.1');
      const ended = new Promise((done) => socket.on('close', done));
      socket.on('error', () => undefined); // the close tells
      socket.resume();
      socket.end(bytes);
      await within(ended, 'the connection to close');
    }
    assert.equal(await get('/'), 200);
  });

  it('old versions of TLS are refused', { timeout: TEST_MS }, async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    await assert.rejects(get('/', old));
  });

  /** The name in the certificate that a new connection is shown. */
  const shown = () =>
    within(
      new Promise((done, fail) => {
        const socket = tls.connect(server.port, '127.0.0.1', { rejectUnauthorized: false }, () => {
          done(socket.getPeerCertificate().subject.CN);
          socket.destroy();
        });
        socket.on('error', fail);
      }),
      'a TLS handshake',
    );

  it('SIGHUP brings the new certificate, and calls go on', { timeout: TEST_MS }, async () => {
    const next = join(folder, 'next');
    mkdirSync(next);
    // A client that polls opens new connections: it has to trust both.
    const both = [ca, makeCertificate(next, 'second')];
    const alice = await Device.open(server, newUser('alice'), { ca });
    const bob = await Device.open(server, newUser('bob'), { ca: both, transports: ['polling'] });
    const callId = await talk(alice, bob);
    assert.equal(await shown(), 'first');
    for (const file of ['key.pem', 'certificate.pem']) {
      copyFileSync(join(next, file), join(folder, file));
    }
    ca = both[1];
    assert.equal(await shown(), 'first', 'not before it is told');
    server.child.kill('SIGHUP');
    await eventually('the new certificate is shown', async () => (await shown()) === 'second');
    await fenceByRelay(alice, bob, callId);
    await fenceByRelay(bob, alice, callId);
    assert.ok(!alice.takeNames().includes('(disconnect)'));
    const late = await Device.open(server, newUser('carol'), { ca, transports: undefined });
    assert.deepEqual(late.callState, { calls: [] });
  });

  it('SIGHUP with a broken certificate keeps the old one', { timeout: TEST_MS }, async () => {
    const before = await shown();
    execFileSync('sh', ['-c', `echo broken >${join(folder, 'certificate.pem')}`]);
    const length = server.output.length;
    server.child.kill('SIGHUP');
    await eventually('it says so', () => /level=error/.test(server.output.slice(length)));
    assert.equal(await shown(), before);
    ca = makeCertificate(folder, 'third');
    server.child.kill('SIGHUP');
    await eventually('the next one is shown', async () => (await shown()) === 'third');
  });
});
