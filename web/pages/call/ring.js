// The sounds: bells that are computed, not played from a file.

const PARTIALS = [
  [0.5, 0.35, 1.6],
  [1, 1, 1.1],
  [1.2, 0.5, 0.9],
  [1.5, 0.35, 0.7],
  [2, 0.25, 0.5],
];
const CHORD = [659.26, 523.25, 392]; // e, c, g: falling

/** `onSuspended(is)`: the browser lets nothing sound before the page was touched. */
export function ring({ onSuspended = () => undefined } = {}) {
  let context = null;
  let out = null;
  let timer = 0;
  let now = null;

  function wake() {
    if (!context) {
      if (typeof AudioContext === 'undefined') return null;
      context = new AudioContext();
      out = context.createGain();
      out.gain.value = 0.18;
      out.connect(context.destination);
    }
    if (context.state === 'suspended')
      context.resume().then(
        () => onSuspended(false),
        () => undefined,
      );
    return context;
  }

  /** One stroke at `pitch` Hz, `after` seconds from now, `loud` of 1. */
  function strike(pitch, after = 0, loud = 1) {
    const at = context.currentTime + after;
    for (const [ratio, level, length] of PARTIALS) {
      const tone = context.createOscillator();
      const gain = context.createGain();
      tone.frequency.value = pitch * ratio;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(level * loud, at + 0.004);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + length * 1.6);
      tone.connect(gain).connect(out);
      tone.start(at);
      tone.stop(at + length * 1.6 + 0.05);
    }
  }

  const patterns = {
    in: { every: 3000, play: () => CHORD.forEach((pitch, n) => strike(pitch, n * 0.22, 0.9)) },
    out: { every: 3500, play: () => strike(261.63, 0, 0.28) },
  };

  function stop() {
    clearInterval(timer);
    timer = 0;
    now = null;
  }

  return {
    /** To be called from a press: browsers let a page sound only after one. */
    wake,

    /** Rings `in` or `out` until another is wanted; null is silence. */
    set(which) {
      if (which === now) return;
      stop();
      if (!which || !wake()) return;
      now = which;
      const { every, play } = patterns[which];
      const turn = () => {
        onSuspended(context.state === 'suspended');
        if (context.state === 'running') play();
      };
      turn();
      timer = setInterval(turn, every);
    },

    /** One low bell: it is over. */
    end() {
      if (context?.state === 'running') strike(196, 0, 0.5);
    },

    close() {
      stop();
      context?.close();
      context = null;
    },
  };
}
