// The call itself: the others, oneself, and in words how it stands.
import { disc } from '../../common/disc.js';
import { announce, h, keyed, replace } from '../../common/dom.js';
import { clock } from '../../common/format.js';
import { icon } from '../../common/icons.js';
import { bars } from '../quality.js';
import { selfView } from './self.js';
import { tile, updateTile } from './tile.js';

/**
 * `actions`: `again()`, `message()`, `retry()`, `dismiss()`; `controls` is laid over the pictures.
 */
export function stageView(actions, controls) {
  const self = selfView();
  const tiles = h('div.tiles');
  const words = h('div.stage-words');
  const name = h('span.stage-name');
  const timer = h('time.stage-clock', { role: 'timer', 'aria-label': 'Length of the call' });
  const strength = h('span.strength', { role: 'img' }, h('i'), h('i'), h('i'), h('i'));
  const notice = h('p.stage-notice');
  const sound = h(
    'button.primary.sound',
    { type: 'button', hidden: true, onclick: playAll },
    'Turn the sound on',
  );
  const node = h(
    'section.stage',
    { 'aria-label': 'Call', hidden: true, tabindex: -1 },
    tiles,
    words,
    h('header.stage-top', {}, name, timer, strength),
    notice,
    sound,
    self.node,
    controls,
  );
  let scene = null;
  let shown = '';
  let readings = new Map();
  let focusedBefore = null;

  function playAll() {
    sound.hidden = true;
    for (const video of tiles.querySelectorAll('video'))
      video.play().catch(() => (sound.hidden = false));
  }

  /** The keys of a call are for the call, not for the row from which it was placed. */
  function focus(isShown) {
    if (isShown === !node.hidden) return;
    const { activeElement } = document;
    const isFree = activeElement === document.body || node.contains(activeElement);
    node.hidden = !isShown;
    if (isShown) {
      focusedBefore = activeElement;
      node.focus({ focusVisible: false });
    } else if (isFree && focusedBefore?.isConnected) {
      focusedBefore.focus({ focusVisible: false });
    }
  }

  const choice = ({ label, name: picture, run, isMain }) =>
    h(
      isMain ? 'button.stage-choice.is-main' : 'button.stage-choice',
      { type: 'button', onclick: actions[run] },
      icon(picture),
      label,
    );

  function drawWords() {
    const { title, detail, tone } = scene.words;
    const key = JSON.stringify([
      scene.callId,
      scene.phase,
      title,
      detail,
      tone,
      scene.choices,
      scene.faces,
    ]);
    if (key === shown) return;
    const before = shown && JSON.parse(shown);
    shown = key;
    const faces = scene.faces.slice(0, 3).map(({ id, name: whose }) => disc(id, whose, 'disc-xl'));
    const isWaiting = tone === 'busy';
    replace(
      words,
      faces.length > 0 &&
        h(
          'div.faces',
          { class: isWaiting ? 'is-waiting' : '' },
          faces,
          scene.gone && h('span.grace'),
        ),
      h('h2', {}, title),
      scene.phase === 'connected' && !detail ? h('p.stage-since') : h('p.stage-detail', {}, detail),
      scene.choices.length > 0 && h('div.stage-choices', {}, scene.choices.map(choice)),
    );
    words.dataset.tone = tone;
    replace(notice, h('strong', {}, title), ' ', detail);
    notice.dataset.tone = tone;
    if (!before || before[2] !== title || before[3] !== detail)
      announce([title, detail].filter(Boolean).join('. '));
  }

  function tick() {
    if (!scene) return;
    const text =
      scene.since && scene.phase !== 'ended' ? clock((Date.now() - scene.since) / 1000) : '';
    timer.textContent = text;
    const large = words.querySelector('.stage-since');
    if (large) large.textContent = text;
    const grace = words.querySelector('.grace');
    const left = scene.gone ? (scene.gone - Date.now()) / scene.grace : 0;
    grace?.style.setProperty('--left', String(Math.max(0, Math.min(1, left))));
  }
  const ticking = setInterval(tick, 500);

  function drawStrength() {
    const all = [...readings.values()];
    const level = all.length ? Math.min(...all.map(bars)) : 0;
    strength.hidden = !level;
    strength.dataset.level = level;
    strength.setAttribute(
      'aria-label',
      ['', 'Poor connection', 'Weak connection', 'Fair connection', 'Good connection'][level],
    );
    strength.title = strength.getAttribute('aria-label');
    node.dataset.route = all.some(({ local, remote }) => local === 'relay' || remote === 'relay')
      ? 'relay'
      : all.length
        ? 'direct'
        : '';
  }

  return {
    node,
    /** See `scene.js`; null: no call. */
    set(next) {
      scene = next;
      focus(Boolean(next));
      if (!next) {
        tiles.replaceChildren();
        shown = '';
        readings = new Map();
        node.dataset.callState = 'idle';
        self.set({ track: null, isScreen: false, mic: true });
        return;
      }
      Object.assign(node.dataset, {
        callState: next.phase,
        callId: next.callId ?? '',
        kind: next.kind,
        trouble: next.trouble ?? '',
      });
      keyed(
        tiles,
        next.tiles,
        ({ key }) => key,
        (one) => tile(one, () => (sound.hidden = false)),
        updateTile,
      );
      const sharing = next.tiles.find(({ screen, up }) => screen && up);
      for (const one of tiles.children)
        one.classList.toggle('is-large', one.dataset.key === String(sharing?.key));
      tiles.dataset.count = next.tiles.length;
      tiles.style.setProperty('--others', String(next.tiles.length - 1));
      tiles.classList.toggle('has-large', Boolean(sharing) && next.tiles.length > 1);
      node.classList.toggle('has-picture', next.hasPicture);
      node.classList.toggle('is-quiet', next.words.tone === 'good' || next.words.tone === 'quiet');
      name.textContent = next.title;
      self.set(next.self);
      drawWords();
      drawStrength();
      tick();
    },
    close: () => clearInterval(ticking),
    setReadings(next) {
      readings = next;
      drawStrength();
    },
  };
}
