// The buttons of a call, and their keys.
import { h, replace } from '../../common/dom.js';
import { icon } from '../../common/icons.js';

const KEYS = { m: 'mic', v: 'camera', s: 'screen', c: 'chat', h: 'hangup' };

/** `actions`: `mic`, `camera`, `screen`, `chat`, `more`, `hangup`: what a press does. */
export function controlsView(actions) {
  let state = null;
  const button = (name) =>
    h('button.control', { type: 'button', 'data-control': name, onclick: () => press(name) });
  const buttons = Object.fromEntries(
    ['mic', 'camera', 'screen', 'chat', 'more', 'hangup'].map((name) => [name, button(name)]),
  );
  buttons.more.setAttribute('aria-haspopup', 'dialog');
  const node = h(
    'div.controls',
    { role: 'toolbar', 'aria-label': 'Call controls' },
    Object.values(buttons),
  );

  function press(name) {
    if (state && !buttons[name].disabled && !buttons[name].hidden) actions[name]();
  }

  /** A press on a key, unless it is for a field. */
  function onKey(event) {
    const name = KEYS[event.key.toLowerCase()];
    if (!name || !state || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest('input, textarea, select, [contenteditable], dialog, .row')) return;
    event.preventDefault();
    press(name);
  }
  document.addEventListener('keydown', onKey);

  function draw(
    name,
    { picture, label, key, pressed, dot = false, hidden = false, disabled = false },
  ) {
    const one = buttons[name];
    const title = key ? `${label} (${key})` : label;
    if (one.title !== title) {
      one.title = title;
      one.setAttribute('aria-label', label);
    }
    if (one.dataset.picture !== picture) {
      one.dataset.picture = picture;
      replace(one, icon(picture), h('span.dot'));
    }
    if (pressed !== undefined) one.setAttribute('aria-pressed', String(pressed));
    one.classList.toggle('has-dot', dot);
    one.hidden = hidden;
    one.disabled = disabled;
  }

  return {
    node,
    /**
     * `{mic, camera, screen, canShare, chat, unread, isMoreOpen, isGroup, isOpening}`, or null: no
     * call.
     */
    set(next) {
      state = next;
      node.hidden = !next;
      if (!next) return;
      const { mic, camera, screen, canShare, chat, unread, isOpening } = next;
      draw('mic', {
        picture: mic ? 'mic' : 'mic-off',
        label: mic ? 'Mute' : 'Unmute',
        key: 'M',
        pressed: !mic,
        disabled: isOpening,
      });
      draw('camera', {
        picture: camera ? 'camera' : 'camera-off',
        key: 'V',
        pressed: !camera,
        label: camera ? 'Turn the camera off' : 'Turn the camera on',
        disabled: isOpening,
      });
      draw('screen', {
        picture: screen ? 'screen-off' : 'screen',
        key: 'S',
        pressed: screen,
        label: screen ? 'Stop sharing' : 'Share the screen',
        hidden: !canShare,
        disabled: isOpening,
      });
      draw('chat', {
        picture: 'chat',
        label: unread ? `Chat, ${unread} new` : 'Chat',
        key: 'C',
        pressed: chat === 'shown',
        dot: unread > 0,
        hidden: chat === 'none',
      });
      draw('more', { picture: 'more', label: 'Devices and connection' });
      buttons.more.setAttribute('aria-expanded', String(next.isMoreOpen));
      draw('hangup', { picture: 'hangup', label: next.isGroup ? 'Leave' : 'Hang up', key: 'H' });
    },
    close: () => document.removeEventListener('keydown', onKey),
  };
}
