// The operators' page: the sign-in, and behind it the figures, the calls and their ladders.
import { h, replace } from '../common/dom.js';
import { emblem } from '../common/emblem.js';
import { current, onSignedOut, signOut } from '../common/session.js';
import { signInView } from '../common/sign_in.js';
import { callList } from './calls.js';
import { ladderView } from './ladder_view.js';
import { overview } from './overview.js';

const app = document.getElementById('app');
let parts = [];

const close = () => parts.splice(0).forEach((part) => part.stop());
/** The call that the address names. */
function chosen() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return ''; // an address that was cut
  }
}

function denied(user) {
  close();
  const leave = h(
    'button.primary',
    { type: 'button', onclick: () => signOut() },
    'Sign in as somebody else',
  );
  replace(
    app,
    h(
      'main.sign-in',
      {},
      h(
        'div.sign-in-card',
        {},
        emblem(),
        h('h1', {}, 'Operations'),
        h('p.sign-in-lead', { role: 'alert' }, `${user.name} is not an operator of this server.`),
        leave,
      ),
    ),
  );
  leave.focus();
}

function enter({ user }) {
  const onDenied = () => denied(user);
  const top = overview({ user, onLeave: () => signOut(), onDenied });
  const ladder = ladderView({ now: top.now });
  const calls = callList({ now: top.now, onDenied, onChoose: choose });
  parts = [top, calls, ladder];
  const main = h('main.ops', {}, top.node, h('div.ops-below', {}, calls.node, ladder.node));
  replace(app, main);

  function choose(id, { isAsked = false } = {}) {
    calls.mark(id);
    ladder.show(id);
    if (id !== chosen())
      history.replaceState(null, '', id ? `#${encodeURIComponent(id)}` : location.pathname);
    // On a phone the ladder lies below the list.
    if (isAsked && matchMedia('(max-width: 56rem)').matches)
      ladder.node.scrollIntoView({ block: 'start' });
  }
  const follow = () => choose(chosen() || null);
  addEventListener('hashchange', follow);
  parts.push({ stop: () => removeEventListener('hashchange', follow) });
  follow();
}

function ask(said = '') {
  close();
  replace(
    app,
    signInView({
      title: 'Operations',
      lead: 'What goes on in this server.',
      demo: 'operator',
      said,
      onDone: enter,
    }),
  );
}

onSignedOut(ask);
if (current()) enter(current());
else ask();
