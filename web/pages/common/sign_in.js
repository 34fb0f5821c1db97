// The way in, of both pages: as a demo user where the server has them, or with a token.
import { disc } from './disc.js';
import { h, replace } from './dom.js';
import { emblem } from './emblem.js';
import { demo, signIn } from './session.js';

/**
 * The whole view. `demo`: 'users' offers everybody, 'operator' the operator only. `said`: why
 * somebody has to sign in again. `onDone(session)` is called once.
 */
export function signInView({ title, lead = '', demo: offers, said = '', onDone }) {
  const word = h('p.sign-in-word', { role: 'alert' }, said);
  const people = h('div.sign-in-people', { 'aria-busy': 'true' });
  const field = h('textarea', {
    id: 'token',
    name: 'token',
    rows: 3,
    autocomplete: 'off',
    spellcheck: 'false',
    autocapitalize: 'off',
    placeholder: 'eyJhbGciOi…',
    required: true,
  });
  const enter = h('button.primary', { type: 'submit' }, 'Sign in');
  const form = h(
    'form.sign-in-form',
    { onsubmit: byToken },
    h('label', { for: 'token' }, 'Your token'),
    field,
    enter,
  );
  const other = h('details.sign-in-other', {}, h('summary', {}, 'Sign in with a token'), form);
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    form.requestSubmit();
  });

  async function go(how, pressed) {
    word.textContent = '';
    pressed.disabled = true;
    try {
      onDone(await signIn(how));
    } catch (refusal) {
      word.textContent = refusal.status === 401 ? 'This token is not accepted.' : refusal.message;
      pressed.disabled = false;
      pressed.focus();
    }
  }
  function byToken(event) {
    event.preventDefault();
    go({ token: field.value }, enter);
  }
  const choice = (id, name, label) =>
    h(
      'button.sign-in-user',
      { type: 'button', onclick: (event) => go({ demo: id }, event.currentTarget) },
      disc(id, name),
      h('span', {}, label ?? name),
    );

  async function offer() {
    let found = null;
    try {
      found = await demo();
    } catch (refusal) {
      word.textContent = refusal.message;
    }
    people.removeAttribute('aria-busy');
    if (!found) {
      people.remove();
      other.open = true;
      return;
    }
    const choices =
      offers === 'operator'
        ? [choice(found.operator, 'Operator', 'Enter as demo operator')]
        : found.users.map(({ _id, username }) => choice(_id, username));
    replace(people, choices);
  }
  offer();

  return h(
    'main.sign-in',
    {},
    h(
      'div.sign-in-card',
      {},
      emblem(),
      h('h1', {}, title),
      lead && h('p.sign-in-lead', {}, lead),
      word,
      people,
      other,
    ),
  );
}
