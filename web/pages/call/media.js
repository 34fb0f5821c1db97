// Microphone, camera and screen of this device. What is not wanted is not running: a camera that is
// off has no light.

const constraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  video: {
    width: { min: 320, ideal: 640, max: 1280 },
    height: { min: 240, ideal: 480, max: 720 },
    frameRate: { min: 15, ideal: 24, max: 30 },
  },
  screen: { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 15 } },
};

/** Why a device cannot be had: `none`, `refused`, `busy`, `insecure` (no HTTPS) or `failed`. */
export function whyNot(error) {
  if (!navigator.mediaDevices) return 'insecure';
  switch (error?.name) {
    case 'NotFoundError':
      return 'none';
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

/** Asks for these kinds at once, so that the browser asks its user once. */
async function capture(kinds, chosen) {
  if (!navigator.mediaDevices) throw new DOMException('no secure origin', 'SecurityError');
  const wanted = (kind) => ({
    ...constraints[kind],
    ...(chosen[kind] && { deviceId: { exact: chosen[kind] } }),
  });
  const of = (fn) => Object.fromEntries(kinds.map((kind) => [kind, fn(kind)]));
  try {
    return (await navigator.mediaDevices.getUserMedia(of(wanted))).getTracks();
  } catch (error) {
    if (error.name !== 'OverconstrainedError') throw error;
    return (await navigator.mediaDevices.getUserMedia(of(() => true))).getTracks(); // what there is
  }
}

/** `onChange()` after each change; `onProblem(device, why)` when one stops by itself. */
export function localMedia({ name, onChange, onProblem }) {
  const tracks = { audio: null, video: null, screen: null };
  const chosen = { audio: undefined, video: undefined };
  let stream = new MediaStream();
  let wantsMic = true;
  let opened = 0; // counts openings and closings, so that a late answer is thrown away

  function put(kind, next) {
    tracks[kind]?.stop();
    if (tracks[kind]) stream.removeTrack(tracks[kind]);
    tracks[kind] = next;
    if (!next) return;
    stream.addTrack(next);
    next.addEventListener('ended', () => {
      if (tracks[kind] !== next) return;
      put(kind, null);
      if (kind !== 'screen') onProblem(kind, 'busy');
      onChange();
    });
  }

  async function get(...kinds) {
    const turn = opened;
    for (const next of await capture(kinds, chosen)) {
      if (turn !== opened) {
        next.stop();
        continue;
      }
      if (next.kind === 'audio') next.enabled = wantsMic;
      put(next.kind, next);
    }
  }

  /**
   * All of it at once; where that fails, one after the other, so that one device is not missed for
   * another.
   */
  async function getMost(kinds) {
    const problems = {};
    try {
      await get(...kinds);
    } catch (failed) {
      if (kinds.length === 1) return { [kinds[0]]: whyNot(failed) };
      for (const kind of kinds) Object.assign(problems, await getMost([kind]));
    }
    return problems;
  }

  const media = {
    get stream() {
      return stream;
    },
    get mic() {
      return wantsMic && tracks.audio !== null;
    },
    get camera() {
      return tracks.video !== null;
    },
    get screen() {
      return tracks.screen !== null;
    },
    get isOpen() {
      return opened % 2 === 1;
    },
    /** What is sent of a kind, or null. */
    track: (kind) => (kind === 'video' ? (tracks.screen ?? tracks.video) : tracks.audio),
    /** What the own picture shows. */
    preview: () => tracks.screen ?? tracks.video,
    flags: () => ({ mic: media.mic, camera: media.camera, screen: media.screen, name }),

    /**
     * Asks for the microphone and, for a video call, the camera. Returns the problems `{audio?,
     * video?}`: a call without a camera is still one, and one without any microphone can be
     * listened to; whether a refused microphone ends it is the caller's choice.
     */
    async open({ video, mic = true }) {
      media.close();
      const turn = ++opened;
      wantsMic = mic;
      const problems = await getMost(video ? ['audio', 'video'] : ['audio']);
      if (turn === opened) onChange();
      return problems;
    },

    setMic(on) {
      wantsMic = on;
      if (tracks.audio) tracks.audio.enabled = on;
      onChange();
    },

    /** Throws `{name}` as getUserMedia does. */
    async setCamera(on) {
      if (on) await get('video');
      else put('video', null);
      onChange();
    },

    async setScreen(on) {
      if (!on) {
        put('screen', null);
      } else {
        const turn = opened;
        const shared = await navigator.mediaDevices.getDisplayMedia({
          video: constraints.screen,
          audio: false,
        });
        const [next] = shared.getVideoTracks();
        if (turn !== opened) return next.stop();
        put('screen', next);
      }
      return onChange();
    },

    /** The microphones and cameras there are: `{audio: [{id, name, isChosen}], video: […]}`. */
    async devices() {
      const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
      const of = (kind, input) =>
        all
          .filter((one) => one.kind === input && one.deviceId)
          .map((one, n) => ({
            id: one.deviceId,
            name: one.label || `${kind === 'audio' ? 'Microphone' : 'Camera'} ${n + 1}`,
            isChosen: tracks[kind]?.getSettings().deviceId === one.deviceId,
          }));
      return { audio: of('audio', 'audioinput'), video: of('video', 'videoinput') };
    },

    /** Takes another device; a camera that is off only remembers it. */
    async choose(kind, id) {
      chosen[kind] = id;
      if (tracks[kind]) await get(kind);
      onChange();
    },

    close() {
      if (opened % 2 === 1) ++opened;
      for (const kind of Object.keys(tracks)) put(kind, null);
      stream = new MediaStream();
    },
  };
  return media;
}
