// The call that is on, of either kind: its screen, its buttons, its sounds.
import { h } from '../common/dom.js';
import { rest } from '../common/session.js';
import { directLine } from './direct_line.js';
import { groupCall } from './group_call.js';
import { iceServers } from './ice.js';
import { localMedia, whyNot } from './media.js';
import { pageTitle } from './page_title.js';
import { quality } from './quality.js';
import { ring } from './ring.js';
import { ringingOf, sceneOf } from './scene.js';
import { remark } from './words.js';
import { controlsView } from './views/controls.js';
import { detailsView } from './views/details.js';
import { incomingView } from './views/incoming.js';
import { stageView } from './views/stage.js';

/** `onChange()` when the page around has to follow; `onOver()` after a call. */
export function callDesk({ me, wire, nameOf, chat, toast, onChange, onOver }) {
  const relayOnly = new URLSearchParams(location.search).has('relay');
  const bells = ring({ onSuspended: (is) => incoming.setSilent(is) });
  let watch = null; // the figures of the call that is on
  let readings = new Map();
  const title = pageTitle();
  let wasBusy = false;
  let recovered = false;
  const onPress = () => bells.wake();
  document.addEventListener('pointerdown', onPress);
  document.addEventListener('keydown', onPress);

  const say = (what, peer) =>
    toast.say(remark(what, peer?.name), {
      tone: /missed|elsewhere|invited/.test(what) ? 'quiet' : 'warn',
      action: what === 'missed' ? { label: 'Call back', run: () => call(peer, 'audio') } : null,
    });

  const media = localMedia({
    name: me.name,
    onChange: onMedia,
    onProblem: (kind, why) => say(`${kind === 'audio' ? 'mic' : 'camera'}-${why}`),
  });
  const common = { wire, media, me: me.id, nameOf, relayOnly, say, onChange: changed };
  const line = directLine({ ...common, ice: iceServers(rest), isFree: () => group.isFree });
  const group = groupCall({ ...common, rest, isFree: () => line.isFree });

  const choices = {
    again,
    retry: () => line.restart(),
    dismiss,
    message: () => {
      chat.readOn();
      dismiss();
    },
  };
  const controls = controlsView({
    mic: () => media.setMic(!media.mic),
    camera: () => toggle('Camera', !media.camera),
    screen: () => toggle('Screen', !media.screen),
    chat: () => chat.toggle(),
    more: () => openDetails(!details.isOpen),
    hangup: hangUp,
  });
  const details = detailsView({
    devices: () => media.devices(),
    choose,
    endForAll: () => group.endForAll(),
    close: () => openDetails(false),
  });
  const stage = stageView(choices, [details.node, controls.node]);
  const incoming = incomingView({
    accept() {
      bells.wake();
      const { invitation } = group.state;
      if (line.state.stage === 'incoming') line.accept();
      else if (invitation) group.join(invitation.sessionId, invitation.metadata?.title);
    },
    reject: () => (line.state.stage === 'incoming' ? line.reject() : group.ignore()),
  });
  wire.on('callState', ({ calls }) => {
    line.stand(calls, recovered);
    group.stand(calls);
  });

  function onMedia() {
    line.sync();
    group.sync();
    draw();
  }

  async function toggle(what, on) {
    try {
      await media[`set${what}`](on);
    } catch (error) {
      if (what === 'Camera') say(`camera-${whyNot(error)}`);
      // Refused by the browser: the user changed their mind.
      else if (error.name !== 'NotAllowedError') say('screen-failed');
    }
  }
  async function choose(kind, id) {
    try {
      await media.choose(kind, id);
    } catch (error) {
      say(`${kind === 'audio' ? 'mic' : 'camera'}-${whyNot(error)}`);
    }
  }

  function openDetails(on) {
    details.open(on);
    if (!on) controls.node.querySelector('[data-control="more"]').focus();
    draw();
  }

  const isBusy = () => !line.isFree || !group.isFree;
  function call(person, type) {
    bells.wake();
    if (isBusy()) return;
    group.dismiss();
    line.call({ id: person.id, name: person.name }, type);
  }
  function again() {
    const { state } = group;
    if (state.phase === 'ended') {
      group.join(state.sessionId, state.title);
      return;
    }
    const { peer, type } = line.state;
    if (peer) call(peer, type);
  }
  function dismiss() {
    line.dismiss();
    group.dismiss();
  }
  function hangUp() {
    line.hangUp();
    group.leave();
  }

  /** Something happened to one of the two. */
  function changed() {
    follow();
    draw();
    const now = isBusy();
    if (wasBusy && !now) {
      if (line.state.stage === 'ended' || group.state.phase === 'ended') bells.end();
      onOver();
    } else if (!now) {
      onOver();
    }
    wasBusy = now;
    onChange();
  }

  /** The chat and the figures go with the call. */
  function follow() {
    const { state } = line;
    const session = group.state;
    const direct = state.stage === 'live' || state.stage === 'calling' ? state.callId : null;
    const callId = group.isFree ? direct : session.phase === 'connected' ? session.sessionId : null;
    const hasEnded = state.stage === 'ended' || session.phase === 'ended';
    if (callId || !hasEnded) chat.follow(callId);
    else chat.end();
    let about = state.stage === 'live' ? { callId: state.callId } : null;
    if (!group.isFree) about = { sessionId: session.sessionId };
    const key = JSON.stringify(about);
    if (watch?.key !== key) {
      watch?.close();
      readings = new Map();
      watch = about && { key, ...quality({ about, wire, links, onChange: onReadings }) };
    }
    if (state.up || session.people.some(({ up }) => up)) watch?.connected();
  }

  const links = () => (group.isFree ? line.links : group.links);
  function onReadings(next) {
    readings = next;
    stage.setReadings(readings);
    details.setReadings(readings);
  }

  const ringing = () => ringingOf({ line, group });

  function draw() {
    const scene = sceneOf({
      line,
      group,
      media,
      nameOf,
      me,
      hasChat: chat.hasMessages && !chat.isOpen,
    });
    const rings = ringing();
    const isOn = scene !== null && scene.phase !== 'ended';
    incoming.set(rings);
    bells.set(rings ? 'in' : line.state.stage === 'calling' && line.state.callId ? 'out' : null);
    if (!isOn && details.isOpen) details.open(false);
    stage.set(scene);
    controls.set(
      isOn
        ? {
            mic: media.mic,
            camera: media.camera,
            screen: media.screen,
            isGroup: scene.isGroup,
            canShare: scene.canShare && Boolean(navigator.mediaDevices?.getDisplayMedia),
            chat: chat.state,
            unread: chat.unread,
            isMoreOpen: details.isOpen,
            isOpening: scene.isOpening,
          }
        : null,
    );
    details.set({
      canEnd: scene?.isGroup === true && group.state.isMine === true,
      isRelayOnly: relayOnly,
      names: (key) =>
        group.isFree
          ? nameOf(key)
          : (group.state.people.find((one) => one.key === key)?.name ?? null),
    });
  }

  const node = h('div.call', {}, stage.node);
  draw();

  return {
    node,
    incoming: incoming.node,
    get isBusy() {
      return isBusy() || line.state.stage === 'incoming';
    },
    get isShown() {
      return !stage.node.hidden;
    },
    draw() {
      draw();
      onChange();
    },
    setTitle: (missed) => title.set(ringing()?.name ?? null, missed),
    call,
    hangUp,
    group(people) {
      bells.wake();
      if (isBusy() || !people.length) return;
      line.dismiss();
      group.start(
        people.map(({ id }) => id),
        'Group call',
      );
    },
    join(sessionId, title) {
      if (isBusy()) return;
      line.dismiss();
      group.join(sessionId, title);
    },
    lost() {
      line.lost();
      group.lost();
    },
    back(wasRecovered) {
      recovered = wasRecovered;
      line.back();
      group.back();
    },
    close() {
      document.removeEventListener('pointerdown', onPress);
      document.removeEventListener('keydown', onPress);
      watch?.close();
      stage.close();
      controls.close();
      line.close();
      group.close();
      bells.close();
      title.close();
    },
  };
}
