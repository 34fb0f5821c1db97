// The call page: the sign-in, and behind it the desk.
import { replace } from '../common/dom.js';
import { current, onSignedOut } from '../common/session.js';
import { signInView } from '../common/sign_in.js';
import { desk } from './desk.js';

const app = document.getElementById('app');
let open = null;

function enter(session) {
  open = desk(session);
  replace(app, open.node);
}

function ask(said = '') {
  open?.close();
  open = null;
  replace(
    app,
    signInView({
      title: 'Carillon',
      lead: 'Calls in your browser, on a server of your own.',
      demo: 'users',
      said,
      onDone: enter,
    }),
  );
}

onSignedOut(ask);
// Gives this device up before the reloaded page connects, so that its calls wait for that one at
// once.
addEventListener('pagehide', () => open?.leave());
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

if (current()) enter(current());
else ask();
