import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bars, reading, report } from '../../../web/pages/call/quality.js';

const stats = (at, bytes, got, lost) =>
  new Map([
    ['T', { type: 'transport', selectedCandidatePairId: 'P' }],
    [
      'P',
      {
        type: 'candidate-pair',
        timestamp: at,
        currentRoundTripTime: 0.05,
        localCandidateId: 'L',
        remoteCandidateId: 'R',
      },
    ],
    [
      'L',
      { type: 'local-candidate', candidateType: 'relay', relayProtocol: 'udp', protocol: 'udp' },
    ],
    ['R', { type: 'remote-candidate', candidateType: 'host' }],
    [
      'A',
      {
        type: 'inbound-rtp',
        kind: 'audio',
        bytesReceived: bytes / 2,
        packetsReceived: got,
        packetsLost: lost,
        jitter: 0.004,
      },
    ],
    [
      'V',
      {
        type: 'inbound-rtp',
        kind: 'video',
        bytesReceived: bytes / 2,
        framesPerSecond: 24,
        frameWidth: 640,
        frameHeight: 480,
      },
    ],
  ]);

test('figures are those between two readings', () => {
  const first = reading(stats(1000, 10000, 100, 0), null);
  assert.deepEqual(
    [first.bitrateKbps, first.packetLoss, first.local, first.remote],
    [null, 0, 'relay', 'host'],
  );
  const second = reading(stats(3000, 260000, 190, 10), first);
  assert.deepEqual(
    [second.bitrateKbps, second.packetLoss, second.rttMs, second.jitterMs, second.resolution],
    [1000, 10, 50, 4, '640x480'],
  );
});

test('nothing is known of a connection without a pair', () => {
  const none = reading(new Map(), null);
  assert.deepEqual([none.rttMs, none.local, none.bitrateKbps], [null, null, null]);
  assert.deepEqual(report([none]), { packetLoss: 0 });
});

test('bars get fewer with delay and loss', () => {
  assert.deepEqual(
    [
      [20, 0],
      [200, 0],
      [20, 2],
      [400, 0],
      [20, 5],
      [700, 0],
      [20, 9],
      [null, 0],
    ].map(([rttMs, packetLoss]) => bars({ rttMs, packetLoss })),
    [4, 3, 3, 2, 2, 1, 1, 4],
  );
});

test('a report is the mean of what is known', () => {
  assert.deepEqual(
    report([
      { rttMs: 10, jitterMs: null, resolution: '640x480' },
      { rttMs: 21, jitterMs: 3 },
    ]),
    { rttMs: 15.5, jitterMs: 3, resolution: '640x480' },
  );
});
