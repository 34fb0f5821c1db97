// How good a connection is: from the browser's own counts, for the bars, the details and the
// server's record.

const LOOK_MS = 2000;
const REPORT_EACH = 5; // looks

/** What two readings of `getStats()` say; `before` is what the last one returned, or null. */
export function reading(stats, before) {
  const all = [...stats.values()];
  const transport = all.find(({ type }) => type === 'transport');
  const pair =
    stats.get(transport?.selectedCandidatePairId) ??
    all.find(
      ({ type, nominated, state }) =>
        type === 'candidate-pair' && nominated && state === 'succeeded',
    );
  const incoming = all.filter(({ type }) => type === 'inbound-rtp');
  const sum = (name) => incoming.reduce((total, one) => total + (one[name] ?? 0), 0);
  const video = incoming.find(({ kind }) => kind === 'video');
  const audio = incoming.find(({ kind }) => kind === 'audio');
  const counts = {
    at: pair?.timestamp ?? 0,
    bytes: sum('bytesReceived'),
    got: sum('packetsReceived'),
    lost: sum('packetsLost'),
  };
  const past = before?.counts;
  const ms = past ? counts.at - past.at : 0;
  const [got, lost] = past ? [counts.got - past.got, Math.max(0, counts.lost - past.lost)] : [0, 0];
  const local = stats.get(pair?.localCandidateId);
  const remote = stats.get(pair?.remoteCandidateId);
  return {
    counts,
    rttMs: pair?.currentRoundTripTime === undefined ? null : pair.currentRoundTripTime * 1000,
    jitterMs: audio?.jitter === undefined ? null : audio.jitter * 1000,
    packetLoss: got + lost > 0 ? (100 * lost) / (got + lost) : 0,
    bitrateKbps: ms > 0 ? (8 * (counts.bytes - past.bytes)) / ms : null,
    videoFps: video?.framesPerSecond ?? null,
    resolution: video?.frameWidth ? `${video.frameWidth}x${video.frameHeight}` : null,
    audioLevel: audio?.audioLevel ?? null,
    local: local?.candidateType ?? null,
    remote: remote?.candidateType ?? null,
    protocol: local?.relayProtocol ?? local?.protocol ?? null,
  };
}

/** 1 (poor) to 4 bars. */
export function bars({ rttMs, packetLoss }) {
  const rtt = rttMs ?? 0;
  if (packetLoss > 8 || rtt > 600) return 1;
  if (packetLoss > 3 || rtt > 300) return 2;
  if (packetLoss > 1 || rtt > 150) return 3;
  return 4;
}

const figures = [
  'rttMs',
  'jitterMs',
  'packetLoss',
  'bitrateKbps',
  'videoFps',
  'resolution',
  'audioLevel',
];

/** What is reported of readings of one or several connections: the mean of each figure. */
export function report(readings) {
  const out = {};
  for (const name of figures) {
    const values = readings
      .map((one) => one[name])
      .filter((value) => value !== null && value !== undefined);
    if (!values.length) continue;
    out[name] =
      typeof values[0] === 'number'
        ? Math.round((values.reduce((a, b) => a + b, 0) / values.length) * 1000) / 1000
        : values[0];
  }
  return out;
}

/**
 * Looks at the connections of a call while it lasts. `links()`: a map of them, `about`: `{callId}`
 * or `{sessionId}`. `onChange(readings)`: a map with the same keys.
 */
export function quality({ links, about, wire, onChange }) {
  const begun = performance.now();
  const last = new Map();
  let looks = 0;
  let connectionTimeMs = null;

  async function look() {
    const now = new Map();
    for (const [key, link] of links()) {
      const stats = await link.stats();
      if (!stats) continue;
      const one = reading(stats, last.get(key));
      last.set(key, one);
      if (one.local) now.set(key, one);
    }
    onChange(now);
    if (!now.size || ++looks % REPORT_EACH) return;
    const data = {
      ...about,
      ...report([...now.values()]),
      ...(connectionTimeMs && { connectionTimeMs }),
    };
    // Figures for later: the call does not need them.
    wire.ask('quality_report', data).catch(() => undefined);
  }
  const timer = setInterval(look, LOOK_MS);
  return {
    /** There are pictures and sounds from now on. */
    connected() {
      if (connectionTimeMs !== null) return;
      connectionTimeMs = Math.round(performance.now() - begun);
      setTimeout(look, 300); // the first figures soon
    },
    close: () => clearInterval(timer),
  };
}
