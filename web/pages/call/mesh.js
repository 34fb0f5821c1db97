// The connections of a session: one to each of the others, by the socket on which they are in.
import { peer } from './peer.js';

const EVENTS = {
  offer: 'webrtc_offer',
  answer: 'webrtc_answer',
  candidate: 'webrtc_ice_candidate',
};
// Whoever leaves while something is on its way to them.
const GONE = ['target_not_in_session', 'session_not_found'];

/** `onChange(key, patch)`: what is new of the participant behind a connection. */
export function mesh({ wire, media, me, relayOnly, onChange }) {
  const links = new Map();
  let session = null; // `{sessionId, iceServers}`

  function make(key, userId) {
    const { sessionId, iceServers } = session;
    const link = peer({
      media,
      iceServers,
      relayOnly,
      polite: me > userId,
      send(kind, value) {
        wire
          .tell(EVENTS[kind], { sessionId, targetSocketId: key, [kind]: value })
          .catch(({ code }) => {
            if (!GONE.includes(code)) console.warn(`a ${kind} for ${userId} was refused: ${code}`);
          });
      },
      onState: (is) => onChange(key, { up: is === 'up', noWay: is === 'no-way' }),
      onStream: (stream) => onChange(key, { stream }),
      // Without a name it is guessed from what arrives; in a session the server knows better.
      onFlags({ mic, camera, screen, name }) {
        if (name !== undefined) onChange(key, { mic, camera, screen });
      },
      onError: (error) => console.warn('a connection could not go on:', error),
    });
    links.set(key, link);
    return link;
  }

  function cut(key) {
    links.get(key)?.close();
    links.delete(key);
  }

  return {
    /** `[key, connection]` of all. */
    get links() {
      return links;
    },
    /** In which session, and through which servers connections are made from now on. */
    begin(next) {
      session = next;
    },
    to: (key, userId) => links.get(key) ?? make(key, userId),
    cut,
    /** Cuts all but these. */
    keep(keys) {
      for (const key of [...links.keys()]) if (!keys.includes(key)) cut(key);
    },
    sync: () => links.forEach((link) => link.sync()),
    restart: () => links.forEach((link) => link.restart()),
  };
}
