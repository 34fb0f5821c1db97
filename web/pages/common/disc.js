// A user without a picture: no page fetches anything from outside.
import { h } from './dom.js';
import { hue, initials } from './format.js';

/** A user's disc: initials on a hue made of the id. */
export function disc(id, name, more = '') {
  const props = { class: more, style: { '--hue': hue(id) }, 'aria-hidden': 'true' };
  return h('span.disc', props, initials(name));
}
