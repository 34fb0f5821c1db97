// Everything behind the sign-in: makes the parts, and tells each what it has to know of the others.
import { answerOf, current, rest, signOut } from '../common/session.js';
import { callDesk } from './call_desk.js';
import { chatDesk } from './chat_desk.js';
import { history } from './history.js';
import { people } from './people.js';
import { wire } from './wire.js';
import { peopleView } from './views/people.js';
import { personView } from './views/person.js';
import { recentView } from './views/recent.js';
import { shellView } from './views/shell.js';
import { toasts } from './views/toast.js';

/**
 * The page of a user who is signed in. `close()` at the sign-out, `leave()` when the page goes
 * away.
 */
export function desk({ user }) {
  const me = user;
  let tab = 'people';
  let chosen = null;
  let past = { rows: [], hasMore: false, missed: 0 };
  const toast = toasts();
  let shell = null; // until everything is made

  const contacts = people({ me: me.id, rest, onChange: draw });
  const calls = history({
    me: me.id,
    answerOf,
    rest,
    learn: contacts.learn,
    onChange(next) {
      past = next;
      if (tab === 'recent' && !document.hidden && past.missed) calls.markSeen();
      else draw();
    },
  });

  // Its listeners first, the connection then: nothing that the server says at once is missed.
  const line = wire({
    token: () => current()?.token,
    onState: (state, more) => onState(state, more),
  });
  line.on('token_expired', () =>
    toast.say('Your sign-in has run out: in a minute this page asks for a new one.', {
      tone: 'warn',
      stay: 60000,
    }),
  );
  const chat = chatDesk({
    me: me.id,
    wire: line,
    nameOf: contacts.nameOf,
    onChange: () => live.draw(),
  });
  const live = callDesk({
    me,
    wire: line,
    nameOf: contacts.nameOf,
    chat,
    toast,
    onChange: draw,
    onOver() {
      calls.look();
      contacts.look();
    },
  });

  const call = (person, type) => live.call(person, type);
  const choose = (person) => {
    chosen = person?.id ?? null;
    chat.closePast();
    draw();
  };
  const card = personView({ call, close: () => choose(null), read: chat.readPast });
  const list = peopleView({
    call,
    choose,
    group: live.group,
    async add(id) {
      try {
        if (await contacts.add(id)) return true;
        toast.say(`Nobody called “${id}” was ever here.`, { tone: 'warn' });
      } catch (refusal) {
        toast.say(refusal.message, { tone: 'warn' });
      }
      return false;
    },
  });
  const recent = recentView({
    call,
    join: (row) => live.join(row.id, row.title),
    read: chat.readPast,
    more: () => calls.more().catch((refusal) => toast.say(refusal.message, { tone: 'warn' })),
    remove: (row) =>
      calls.remove(row.id).catch((refusal) => toast.say(refusal.message, { tone: 'warn' })),
  });
  shell = shellView({
    me,
    panels: { people: list.node, recent: recent.node },
    main: [card.node, live.node, chat.node],
    onTab(name) {
      tab = name;
      if (name !== 'recent') return;
      calls.markSeen();
      calls.look();
    },
    onLeave() {
      live.hangUp();
      signOut();
    },
  });
  shell.node.append(toast.node, live.incoming);

  function draw() {
    if (!shell) return; // while it is being made
    const isBusy = live.isBusy;
    const all = contacts.list();
    const person = all.find(({ id }) => id === chosen) ?? null;
    list.set(all);
    list.choose(chosen);
    list.setBusy(isBusy);
    recent.set(past.rows, past.hasMore, isBusy);
    shell.setMissed(past.missed);
    const rows = person
      ? past.rows.filter(({ kind, people: [first] }) => kind === 'direct' && first.id === chosen)
      : [];
    card.set(person, rows, isBusy);
    card.node.hidden = live.isShown;
    shell.node.classList.toggle('has-chat', chat.isOpen);
    shell.setView(live.isShown ? 'call' : chat.isOpen ? 'chat' : person ? 'card' : 'list');
    live.setTitle(past.missed);
  }

  function onState(state, more) {
    if (state === 'refused') {
      signOut(more.message);
      return;
    }
    shell.setConnection(state);
    if (more?.code === 'too_many_devices')
      toast.say('You are signed in on too many devices.', { tone: 'warn' });
    if (state === 'lost') live.lost();
    if (state !== 'connected') return;
    live.back(more.recovered);
    chat.catchUp();
    contacts.look();
    if (!more.recovered) calls.look();
  }

  shell.show('people');
  shell.setConnection('connecting');
  draw();
  contacts.begin();
  const onVisible = () => {
    if (!document.hidden && tab === 'recent') calls.markSeen();
  };
  document.addEventListener('visibilitychange', onVisible);

  function close() {
    document.removeEventListener('visibilitychange', onVisible);
    live.close();
    chat.close();
    contacts.close();
    line.close();
  }
  return { node: shell.node, close, leave: () => line.close() };
}
