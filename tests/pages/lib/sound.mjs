// What a page itself sounds, tapped where it goes to the loudspeaker: a bell that is asked for but
// not heard does not count.
import { eventually } from '../../clients/lib/waiting.mjs';

const ONE_BELL_S = 3.2; // a bell, or a chord of them, is not heard for longer
const PAUSE_S = 4; // longer than between two of them while it rings

// In the page, before anything of its own.
function tap() {
  const { connect } = AudioNode.prototype;
  const heard = { last: null, clock: () => 0 };
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) {
      const meter = new AnalyserNode(this.context, { fftSize: 8192 });
      connect.call(this, meter);
      heard.clock = () => meter.context.currentTime;
      const samples = new Float32Array(meter.fftSize);
      setInterval(() => {
        meter.getFloatTimeDomainData(samples);
        if (samples.some((value) => Math.abs(value) > 0.001)) heard.last = heard.clock();
      }, 50);
    }
    return connect.call(this, target, ...rest);
  };
  window.soundOfPage = heard;
}

/** Before a context's first page: what the readings below need. */
export const followSound = (context) => context.addInitScript(tap);

// By the clock of the page's sounds, which stands still when they are suspended.
const listen = (page) =>
  page.evaluate(() => ({ last: window.soundOfPage.last, clock: window.soundOfPage.clock() }));

/** Waits until the page has sounded, from now on, for longer than one bell does. */
export async function keepsRinging(page) {
  const { clock: begun } = await listen(page);
  let first = null;
  await eventually(
    'it goes on ringing',
    async () => {
      const { last } = await listen(page);
      if (last === null || last < begun) return false;
      first ??= last;
      return last - first > ONE_BELL_S;
    },
    undefined,
    100,
  );
}

/** Waits until a page that has sounded has been silent for longer than a ringing one would be. */
export const fallsSilent = (page) =>
  eventually(
    'the ringing stops',
    async () => {
      const { last, clock } = await listen(page);
      return last !== null && clock - last > PAUSE_S;
    },
    undefined,
    100,
  );
