// One other participant: the picture, or a disc where there is none.
import { disc } from '../../common/disc.js';
import { h } from '../../common/dom.js';
import { icon } from '../../common/icons.js';

/** `onBlocked()`: the browser plays no sound before the page is touched. */
export function tile({ id, name }, onBlocked) {
  const video = h('video.tile-video', {
    autoplay: true,
    playsinline: true,
    'aria-label': `Video of ${name}`,
  });
  video.addEventListener('loadeddata', () =>
    video.play().catch((error) => {
      if (error.name === 'NotAllowedError') onBlocked();
    }),
  );
  return h(
    'figure.tile',
    { 'data-user': id },
    video,
    h('span.tile-disc', {}, disc(id, name, 'disc-l')),
    h(
      'figcaption.tile-name',
      {},
      h('span.tile-mic', {}, icon('mic-off')),
      h('span.tile-label', {}, name),
    ),
    h('p.tile-word', {}),
  );
}

/** Shows what the participant sends now: `{stream, camera, screen, mic, up}`. */
export function updateTile(node, { name, stream, camera, screen, mic, up, noWay }) {
  const video = node.querySelector('video');
  if (video.srcObject !== stream) video.srcObject = stream;
  const shows = Boolean(stream) && up && (camera || screen);
  node.classList.toggle('is-blank', !shows);
  node.classList.toggle('is-screen', shows && screen);
  node.classList.toggle('is-mute', mic === false);
  node.dataset.up = up;
  node.querySelector('.tile-mic').title = `${name} is muted`;
  node.querySelector('.tile-label').textContent = screen ? `${name} shares the screen` : name;
  node.querySelector('.tile-word').textContent = up
    ? ''
    : noWay
      ? 'No way through the network'
      : 'Connecting…';
}
