// Which chat is shown: that of the call, or an old one that is read.
import { rest } from '../common/session.js';
import { chat } from './chat.js';
import { chatView } from './views/chat.js';

const channelOf = (callId) => `messaging:call-${callId}`;

/** `onChange()` when the panel or what is unread is another. */
export function chatDesk({ me, wire, nameOf, onChange }) {
  let room = null; // of the call
  let roomCall = null;
  let past = null; // that is read
  const view = chatView(
    {
      say: (text) => (past ?? room)?.say(text),
      retry: (id) => (past ?? room)?.retry(id),
      close: () => show(false),
    },
    me,
    nameOf,
  );

  function draw() {
    const shown = past ?? room;
    if (shown) view.set(shown);
    onChange();
  }

  function show(on) {
    if (!on && past) {
      closePast();
      return;
    }
    view.open(on && Boolean(room));
    room?.show(on);
    draw();
  }

  function closePast() {
    if (!past) return;
    past.close();
    past = null;
    view.open(false);
    view.clear();
    draw();
  }

  /** The chat of a call that is over lies open, and says something. */
  const isRead = () => view.isOpen && !past && room?.state === 'closed' && room.messages.length > 0;

  /** The call is over, but its chat is wanted. */
  function readOn() {
    if (!room) return;
    [past, room, roomCall] = [room, null, null];
    view.open(true);
    past.show(true);
    draw();
  }

  return {
    node: view.node,
    get isOpen() {
      return view.isOpen;
    },
    /** `none`, `hidden` or `shown`. */
    get state() {
      if (!room || room.state === 'absent' || room.state === 'loading') return 'none';
      return view.isOpen && !past ? 'shown' : 'hidden';
    },
    get unread() {
      return room?.unread ?? 0;
    },
    get hasMessages() {
      return (room?.messages.length ?? 0) > 0;
    },
    toggle: () => show(!view.isOpen),
    show,

    /** The call that is on: its chat is there from the moment it has an id. null: none any more. */
    follow(callId) {
      if (callId === roomCall) return;
      if (!callId && isRead()) {
        readOn();
        return;
      }
      closePast();
      room?.close();
      view.open(false);
      view.clear();
      roomCall = callId;
      room = callId ? chat({ channelId: channelOf(callId), me, wire, rest, onChange: draw }) : null;
    },

    /** Opens the chat of a call that is over, to be read. */
    readPast(row) {
      if (room && roomCall === row.id) {
        show(true);
        return;
      }
      closePast();
      view.clear();
      past = chat({
        channelId: row.channelId,
        me,
        wire,
        rest,
        onChange: draw,
        isClosed: !row.isLive,
      });
      view.open(true, row.kind === 'direct' ? `Chat with ${row.people[0].name}` : row.title);
      past.show(true);
      draw();
    },
    closePast,
    /** The call is over, and nothing more can be written. */
    end() {
      if (!room || room.state === 'closed') return;
      room.end();
      view.set(room);
    },
    readOn,
    catchUp: () => room?.catchUp(),
    close() {
      room?.close();
      past?.close();
    },
  };
}
