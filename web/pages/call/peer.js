// One RTCPeerConnection to one other device, the same for direct calls and for each pair of a
// session: perfect negotiation, both transceivers from the first offer on, and a new connection
// when the other side is a new page.

const BROKEN_MS = 3000; // a connection that is interrupted for less mends itself
const TRY_MS = 12000; // what a restart is given
const TRIES = 2;
const EARLY = 64; // candidates that are kept for a description that is still to come

const identity = (sdp) => /^o=\S+ (\d+)/m.exec(sdp)?.[1];
const fragments = (sdp) => [...sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].map(([, text]) => text);

/**
 * `send(kind, value)` relays an `offer`, `answer` or `candidate`. `polite`: gives way when both
 * offer at once. `media`: what is sent (`track(kind)`, `flags()`, `stream`). Hears `onState('up' |
 * 'down' | 'no-way')`, `onStream(stream)`, `onFlags({mic, camera, screen, name})` and
 * `onError(error)`.
 */
export function peer({
  send,
  polite,
  media,
  iceServers,
  relayOnly,
  onState,
  onStream,
  onFlags,
  onError,
}) {
  let pc = null;
  let channel = null;
  let stream = null;
  let hasSpoken = false; // the other side uses our channel
  let lastRemote = null; // of which page the last description was
  let early = [];
  let tries = 0;
  let timer = 0;
  let isClosed = false;
  let chain = Promise.resolve();

  /** One thing after the other: descriptions must not overtake each other. */
  const queued = (work) => {
    chain = chain
      .then(() => (isClosed ? undefined : work()))
      .catch((error) => {
        if (!isClosed) onError(error);
      });
    return chain;
  };

  function make() {
    const made = new RTCPeerConnection({
      iceServers,
      bundlePolicy: 'max-bundle',
      iceTransportPolicy: relayOnly ? 'relay' : 'all',
    });
    pc = made;
    channel = null;
    hasSpoken = false;
    early = [];
    stream = new MediaStream();
    const mine = (fn) => (event) => {
      if (pc === made && !isClosed) fn(event);
    };
    made.addEventListener(
      'icecandidate',
      mine(({ candidate }) => {
        if (candidate) send('candidate', candidate.toJSON());
      }),
    );
    made.addEventListener(
      'negotiationneeded',
      mine(() => queued(offer)),
    );
    made.addEventListener('connectionstatechange', mine(changed));
    made.addEventListener(
      'track',
      mine(({ track }) => {
        // A picture is added when it comes: browsers play nothing, not even the sound, of a stream
        // whose picture they still wait for.
        const show = () => {
          if (track.kind === 'audio' || !track.muted) stream.addTrack(track);
        };
        show();
        track.addEventListener('unmute', mine(show));
        for (const name of ['mute', 'unmute']) track.addEventListener(name, mine(judge));
        onStream(stream);
        judge();
      }),
    );
  }

  /** A side that says nothing through our channel is judged by whether pictures arrive of it. */
  function judge() {
    if (hasSpoken) return;
    const camera = stream.getVideoTracks().some((track) => !track.muted);
    onFlags({ mic: true, camera, screen: false });
  }

  function talk() {
    channel = pc.createDataChannel('flags', { negotiated: true, id: 1 });
    const mine = channel;
    mine.addEventListener('open', () => {
      if (channel === mine) tell();
    });
    mine.addEventListener('message', ({ data }) => {
      if (channel !== mine || typeof data !== 'string' || data.length > 1000) return;
      try {
        const { mic, camera, screen, name } = JSON.parse(data);
        hasSpoken = true;
        onFlags({
          mic: mic === true,
          camera: camera === true,
          screen: screen === true,
          name: typeof name === 'string' ? name : undefined,
        });
      } catch {
        onError(new Error('the other side sent flags that are none'));
      }
    });
  }

  function tell() {
    if (channel?.readyState === 'open') channel.send(JSON.stringify(media.flags()));
  }

  const kindOf = (transceiver) => transceiver.receiver.track.kind;

  /** What we have goes out through the transceivers that are there. */
  async function attach() {
    for (const kind of ['audio', 'video']) {
      const track = media.track(kind);
      const found = pc
        .getTransceivers()
        .find((one) => kindOf(one) === kind && one.direction !== 'stopped');
      if (!found) {
        // The other side offered no such line; one of ours is added, which it is then offered.
        if (track) pc.addTransceiver(track, { direction: 'sendrecv', streams: [media.stream] });
        continue;
      }
      if (found.direction !== 'sendrecv') found.direction = 'sendrecv';
      if (found.sender.track !== track) await found.sender.replaceTrack(track);
    }
  }

  async function offer() {
    if (pc.signalingState !== 'stable') return; // asked again as soon as it is
    await pc.setLocalDescription();
    send('offer', pc.localDescription.toJSON());
  }

  function drop() {
    if (!pc) return;
    pc.close();
    onState('down');
  }

  function begin() {
    drop();
    lastRemote = null;
    make();
    for (const kind of ['audio', 'video']) {
      pc.addTransceiver(media.track(kind) ?? kind, {
        direction: 'sendrecv',
        streams: [media.stream],
      });
    }
    talk();
  }

  /** Another connection, which the other side offers. */
  function anew() {
    const kept = early;
    drop();
    make();
    early = kept;
  }

  async function described(description) {
    const from = identity(description.sdp);
    const isOther = lastRemote !== null && from !== lastRemote;
    if (description.type === 'answer') {
      // Given by a connection that did not see how this one began: another one is wanted.
      if (isOther) return begin();
      if (pc?.signalingState !== 'have-local-offer') return;
    } else if (!pc || isOther) {
      anew();
    } else if (pc.signalingState !== 'stable') {
      if (!polite) {
        send('offer', pc.localDescription.toJSON()); // once more, should the first have been lost
        return;
      }
      // Rolled back, the lines of a first offer would stay beside those of the other side.
      if (lastRemote === null) anew();
    }
    lastRemote = from;
    await pc.setRemoteDescription(description);
    if (description.type === 'offer') {
      await attach();
      if (!channel && /^m=application /m.test(description.sdp)) talk();
      await pc.setLocalDescription();
      send('answer', pc.localDescription.toJSON());
    }
    const waiting = early;
    early = [];
    for (const candidate of waiting) await found(candidate);
  }

  async function found(candidate) {
    const remote = pc?.remoteDescription;
    const fragment = candidate.usernameFragment;
    if (!remote || (fragment && !fragments(remote.sdp).includes(fragment))) {
      early = [...early, candidate].slice(-EARLY);
      return;
    }
    await pc.addIceCandidate(candidate);
  }

  function changed() {
    clearTimeout(timer);
    switch (pc.connectionState) {
      case 'connected':
        tries = 0;
        onState('up');
        break;
      case 'disconnected':
        onState('down');
        timer = setTimeout(mend, BROKEN_MS);
        break;
      case 'failed':
        mend();
        break;
      default:
    }
  }

  function mend() {
    if (isClosed || !pc || pc.connectionState === 'connected') return;
    if (tries >= TRIES) {
      onState('no-way');
      return;
    }
    ++tries;
    onState('down');
    pc.restartIce();
    timer = setTimeout(mend, TRY_MS);
  }

  return {
    /** Makes the connection and offers it: by the side that comes. */
    begin: () => queued(begin),

    /** Takes what the other side relayed. */
    take(kind, value) {
      if (kind !== 'candidate') return queued(() => described(value));
      const all = (Array.isArray(value) ? value : [value]).filter(
        (one) => one && typeof one === 'object',
      );
      return queued(async () => {
        for (const candidate of all) await found(candidate);
      });
    },

    /** Looks for another way through the network; for the first time again. */
    restart() {
      clearTimeout(timer);
      tries = 0;
      return queued(async () => {
        if (!pc) return;
        // What was offered may have been lost with the socket.
        if (pc.signalingState === 'have-local-offer')
          await pc.setLocalDescription({ type: 'rollback' });
        pc.restartIce();
      });
    },

    /** Sends what `media` has now. */
    sync: () =>
      queued(async () => {
        if (!pc || !pc.localDescription) return;
        await attach();
        tell();
      }),

    stats: () => pc?.getStats(),

    close() {
      isClosed = true;
      clearTimeout(timer);
      pc?.close();
    },
  };
}
