// The whole direct call with every kind of client that the server has to serve.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, afterEach, before, describe, it } from 'node:test';
import { newUser } from '../lib/calls.mjs';
import { closeAll } from '../lib/cleanup.mjs';
import { clients, Device } from '../lib/device.mjs';
import { EngineDevice } from '../lib/engine_device.mjs';
import { candidate, offer, wholeCall } from '../lib/flow.mjs';
import { PlainDevice } from '../lib/plain_device.mjs';
import { PYTHON, PythonDevice } from '../lib/python_device.mjs';
import { Server } from '../lib/server.mjs';
import { TEST_MS } from '../lib/suite.mjs';
import { eventually } from '../lib/waiting.mjs';

const ways = {
  'default transports': { transports: undefined, ends: 'websocket' },
  'websocket only': { transports: ['websocket'], ends: 'websocket' },
  'polling only': { transports: ['polling'], ends: 'polling' },
};

const kinds = {};
for (const [way, { transports, ends }] of Object.entries(ways)) {
  for (const client of Object.keys(clients)) {
    kinds[`socket.io-client ${client}, ${way}`] = {
      ends,
      open: (server, user) => Device.open(server, user, { client, transports }),
    };
  }
  kinds[`engine.io-client, ${way}`] = {
    ends,
    open: (server, user) => EngineDevice.open(server, user, transports && { transports }),
  };
  kinds[`python3-socketio, ${way}`] = {
    python: true,
    open: (server, user) => PythonDevice.open(server, user, { transports }),
  };
}
kinds['python3-socketio with asyncio, default transports'] = {
  python: true,
  open: (server, user) => PythonDevice.open(server, user, { kind: 'async' }),
};
kinds['python3-socketio with asyncio, polling only'] = {
  python: true,
  open: (server, user) =>
    PythonDevice.open(server, user, { kind: 'async', transports: ['polling'] }),
};
kinds['plain WebSocket'] = {
  ends: 'websocket',
  open: (server, user) => PlainDevice.open(server, user),
};

/** False, or why the Python clients cannot run; where everything is required they are, too. */
function skipPython() {
  try {
    execFileSync(PYTHON, ['-c', 'import socketio, requests, websocket, aiohttp']);
    return false;
  } catch (error) {
    if (process.env.CI === 'true' || process.env.CARILLON_REQUIRE_POSTGRES === '1') throw error;
    return 'python3-socketio is not installed';
  }
}

describe('a whole call with', () => {
  let server;
  before(async () => {
    server = await Server.start();
  });
  after(async () => {
    await closeAll();
    await server?.stop();
  });
  const noPython = skipPython();

  for (const [name, { open, ends, python }] of Object.entries(kinds)) {
    const skip = python ? noPython : false;
    const common = (...where) => Device.open(...where);
    const pairs = {
      'on both sides': [open, open],
      'calling a common client': [open, common],
      'called by a common client': [common, open],
    };
    describe(name, { skip }, () => {
      afterEach(closeAll);
      for (const [sides, [caller, receiver]] of Object.entries(pairs)) {
        it(sides, { timeout: TEST_MS }, async () => {
          const alice = await caller(server, newUser('alice'));
          const bob = await receiver(server, newUser('bob'));
          assert.deepEqual(alice.callState, { calls: [] });
          await wholeCall(server, alice, bob);
        });
      }

      if (ends) {
        it(`speaks over ${ends} in the end`, { timeout: TEST_MS }, async () => {
          const device = await open(server, newUser('carol'));
          await eventually(`the transport is ${ends}`, () => device.transport === ends);
          const ack = await device.ask('no such event', {});
          assert.equal(ack.code, 'unknown_event');
          assert.equal(device.transport, ends);
          device.close();
        });
      }

      it('is answered when it asks', { timeout: TEST_MS }, async () => {
        const alice = await open(server, newUser('alice'));
        const bob = await open(server, newUser('bob'));
        const body = { receiverId: bob.user, callType: 'audio' };
        const { callId } = await alice.must('initiateCall', body);
        await bob.must('acceptCall', { callId });
        await alice.must('sendOffer', { to: bob.user, offer, callId });
        await bob.must('sendIceCandidate', { to: alice.user, candidate: candidate(1), callId });
        const refused = await bob.ask('acceptCall', { callId });
        assert.equal(refused.error, 'Call already processed');
        await bob.must('endCall', { callId });
      });
    });
  }
});
