// What a page really receives, by its browser's own counts: the flags of the other side say what
// they want, the counts say what came.
import { eventually } from '../../clients/lib/waiting.mjs';

const SOUND = 0.01; // energy: Chromium's microphone beeps each second, and each beep is some 0.1
const SILENCE = 1e-6;
const SILENT_S = 2; // longer than between two beeps
const STILL_MS = 1500; // of 15 frames a second at least
const FRAMES = 10;

// In the page, before anything of its own: keeps its connections, which it shows to nobody.
function keepConnections() {
  const all = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...args) {
      super(...args);
      all.push(this);
    }
  };
  window.connectionsMade = all;
}

/** Before a context's first page: what the readings below need. */
export const followMedia = (context) => context.addInitScript(keepConnections);

// In the page: the counts of what a tile plays, or null as long as it plays nothing.
async function readCounts(tile, kind) {
  const tracks = tile.querySelector('video').srcObject?.getTracks() ?? [];
  const receiver = window.connectionsMade
    .flatMap((connection) => connection.getReceivers())
    .find(({ track }) => track.kind === kind && tracks.includes(track));
  const stats = await receiver?.getStats();
  const all = stats ? [...stats.values()] : [];
  const counts = all.find(({ type }) => type === 'inbound-rtp');
  if (!counts) return null;
  const transport = all.find(({ type }) => type === 'transport');
  const pair = stats.get(transport?.selectedCandidatePairId);
  const route = [pair?.localCandidateId, pair?.remoteCandidateId].map(
    (id) => stats.get(id)?.candidateType,
  );
  return { ...counts, route };
}

/** The tile of `user` (an id), or of the one other there is. */
const tileOf = (page, user) =>
  page.locator(user ? `.stage .tile[data-user="${user}"]` : '.stage .tile');

const received = (page, kind, user) => tileOf(page, user).evaluate(readCounts, kind);

/**
 * Waits until `isEnough(since, now)` is true of two readings. The first of them is taken again
 * when `isBroken` of them, or of another connection.
 */
async function between(page, kind, user, what, isEnough, isBroken = () => false) {
  let since = null;
  await eventually(
    `${user ?? 'the other'}: ${what}`,
    async () => {
      const now = await received(page, kind, user);
      if (!now || !since || now.ssrc !== since.ssrc || isBroken(since, now)) {
        since = now;
        return false;
      }
      return isEnough(since, now);
    },
    undefined,
    100,
  );
}

const energy = (since, now) => now.totalAudioEnergy - since.totalAudioEnergy;

/** Waits until sound comes from the other side: more than silence that is sent. */
export const hears = (page, user) =>
  between(page, 'audio', user, 'heard', (since, now) => energy(since, now) > SOUND);

/** Waits for a time in which audio comes from the other side, and none of it is a sound. */
export const hearsNothing = (page, user) =>
  between(
    page,
    'audio',
    user,
    'not heard, over a connection that goes on',
    (since, now) =>
      now.totalSamplesDuration - since.totalSamplesDuration > SILENT_S &&
      now.packetsReceived > since.packetsReceived,
    (since, now) => energy(since, now) > SILENCE,
  );

/** Waits until pictures come from the other side. */
export const seesFrames = (page, user) =>
  between(
    page,
    'video',
    user,
    'pictures come',
    (since, now) =>
      now.framesReceived - since.framesReceived > FRAMES &&
      now.framesDecoded - since.framesDecoded > FRAMES,
  );

/** Waits for a time in which no picture comes from the other side. */
export const seesNoFrames = (page, user) =>
  between(
    page,
    'video',
    user,
    'no pictures come',
    (since, now) => now.timestamp - since.timestamp > STILL_MS,
    (since, now) =>
      now.framesReceived !== since.framesReceived || now.framesDecoded !== since.framesDecoded,
  );

/**
 * Waits until the pictures that come, and go on coming, have the shape of a screen (16:9, of
 * Chromium's that is not there) or of a camera (4:3).
 */
export function seesShape(page, source, user) {
  const shape = { screen: 16 / 9, camera: 4 / 3 }[source];
  return between(
    page,
    'video',
    user,
    `the pictures of a ${source} come`,
    (since, now) => now.framesDecoded - since.framesDecoded > FRAMES,
    (since, now) =>
      [since, now].some(
        ({ frameWidth, frameHeight }) => !(Math.abs(frameWidth / frameHeight - shape) < 0.05),
      ),
  );
}

/** Waits until what comes goes through relays at both ends. */
export const relayed = (page, user) =>
  eventually('both ends are relayed', async () => {
    const counts = await received(page, 'video', user);
    return counts?.route.every((end) => end === 'relay');
  });
