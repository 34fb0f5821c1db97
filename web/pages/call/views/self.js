// The own picture, in a corner of the stage; it can be drawn, or moved by arrow keys, to another.
import { h } from '../../common/dom.js';
import { icon } from '../../common/icons.js';

/** `{node, set({track, isScreen, mic, camera})}`. */
export function selfView() {
  const video = h('video', {
    autoplay: true,
    playsinline: true,
    'aria-hidden': 'true',
    props: { muted: true },
  });
  const node = h(
    'div.self',
    {
      role: 'group',
      tabindex: 0,
      'aria-label': 'Your picture; arrow keys move it',
      'data-corner': 'br',
      onpointerdown: grab,
      onkeydown: keys,
    },
    video,
    h('span.self-mute', { title: 'You are muted' }, icon('mic-off')),
  );

  function keys(event) {
    const corner = node.dataset.corner;
    const next = {
      ArrowUp: `t${corner[1]}`,
      ArrowDown: `b${corner[1]}`,
      ArrowLeft: `${corner[0]}l`,
      ArrowRight: `${corner[0]}r`,
    }[event.key];
    if (!next) return;
    event.preventDefault();
    node.dataset.corner = next;
  }

  function grab(event) {
    if (event.button) return;
    const from = { x: event.clientX, y: event.clientY };
    node.setPointerCapture(event.pointerId);
    node.classList.add('is-held');
    const move = ({ clientX, clientY }) =>
      node.style.setProperty('translate', `${clientX - from.x}px ${clientY - from.y}px`);
    const drop = () => {
      node.removeEventListener('pointermove', move);
      const mine = node.getBoundingClientRect();
      const room = node.parentElement.getBoundingClientRect();
      const isTop = mine.top + mine.height / 2 < room.top + room.height / 2;
      const isLeft = mine.left + mine.width / 2 < room.left + room.width / 2;
      node.dataset.corner = `${isTop ? 't' : 'b'}${isLeft ? 'l' : 'r'}`;
      node.style.removeProperty('translate');
      node.classList.remove('is-held');
    };
    node.addEventListener('pointermove', move);
    node.addEventListener('lostpointercapture', drop, { once: true });
  }

  return {
    node,
    set({ track, isScreen, mic }) {
      const [now] = video.srcObject?.getVideoTracks() ?? [];
      if ((now ?? null) !== (track ?? null))
        video.srcObject = track ? new MediaStream([track]) : null;
      node.hidden = !track;
      node.classList.toggle('is-screen', isScreen);
      node.classList.toggle('is-mute', !mic);
    },
  };
}
