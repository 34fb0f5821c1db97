// Who can be called, and who is there: demo users, those of past calls, and ids that this user
// added. Presence is asked for while the page is looked at.
import { demo } from '../common/session.js';

const POLL_MS = 3000;
const AT_ONCE = 100; // ids in one question

/** `onChange(list)`: `[{id, name, isOnline}]`, those online first, then by name. */
export function people({ me, rest, onChange }) {
  const key = `carillon.people.${me}`;
  const known = new Map();
  let timer = 0;
  let asking = false;
  let isOver = false;
  let hasNews = false;

  const added = () => {
    try {
      const ids = JSON.parse(localStorage.getItem(key));
      return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
    } catch {
      return []; // written by nobody we know
    }
  };

  function put(id, name, isOnline) {
    if (!id || id === me) return;
    const before = known.get(id);
    const next = {
      id,
      name: name ?? before?.name ?? id,
      isOnline: isOnline ?? before?.isOnline ?? false,
    };
    if (before && before.name === next.name && before.isOnline === next.isOnline) return;
    known.set(id, next);
    hasNews = true;
  }

  function list() {
    const order = (a, b) => b.isOnline - a.isOnline || a.name.localeCompare(b.name);
    return [...known.values()].sort(order);
  }

  function tell() {
    if (!hasNews) return;
    hasNews = false;
    onChange(list());
  }

  /** Asks who is there now. */
  async function look() {
    if (asking || isOver || document.hidden) return;
    asking = true;
    clearTimeout(timer);
    try {
      const ids = [...known.keys()];
      for (let at = 0; at < ids.length; at += AT_ONCE) {
        const some = ids
          .slice(at, at + AT_ONCE)
          .map(encodeURIComponent)
          .join(',');
        for (const { _id, username, isOnline } of await rest('GET', `/api/users?ids=${some}`)) {
          put(_id, username, isOnline);
        }
      }
      tell();
    } catch (refusal) {
      if (refusal.code !== 'unreachable') console.warn('presence is not known:', refusal.message);
    } finally {
      asking = false;
      if (!isOver) timer = setTimeout(look, POLL_MS);
    }
  }

  const onVisible = () => {
    if (!document.hidden) look();
  };
  document.addEventListener('visibilitychange', onVisible);

  return {
    list,
    look,
    nameOf: (id) => known.get(id)?.name ?? id,

    async begin() {
      for (const id of added()) put(id);
      const offered = await demo().catch(() => null);
      for (const { _id, username } of offered?.users ?? []) put(_id, username);
      hasNews = true;
      tell();
      look();
    },

    /** Users that were seen elsewhere: `[{_id, username, isOnline}]`. */
    learn(users) {
      for (const user of users) if (user) put(user._id, user.username, user.isOnline);
      tell();
    },

    /** Adds somebody by id; false when there is nobody of that id. */
    async add(id) {
      const [found] = await rest('GET', `/api/users?ids=${encodeURIComponent(id)}`);
      if (!found) return false;
      if (!added().includes(id)) localStorage.setItem(key, JSON.stringify([...added(), id]));
      put(found._id, found.username, found.isOnline);
      tell();
      return true;
    },

    close() {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    },
  };
}
