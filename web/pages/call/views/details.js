// Behind the three dots: devices, how the connection runs, and ending a group call for everybody.
import { h, replace } from '../../common/dom.js';
import { number } from '../../common/format.js';

const KINDS = {
  host: 'direct',
  srflx: 'direct, through NAT',
  prflx: 'direct, through NAT',
  relay: 'relay',
};

const kindOf = (type) => KINDS[type] ?? type ?? 'unknown';
const routeOf = ({ local, remote }) =>
  kindOf(local) === kindOf(remote)
    ? kindOf(local)
    : `${kindOf(local)} here, ${kindOf(remote)} there`;

/**
 * `actions`: `devices()`, `choose(kind, id)`, `endForAll()`, `close()`; `names(key)` of `set`: null
 * for who has left.
 */
export function detailsView(actions) {
  const devices = h('div.details-devices');
  const route = h('dl.details-route');
  const end = h(
    'button.quiet.danger',
    { type: 'button', onclick: () => actions.endForAll() },
    'End for everybody',
  );
  const node = h(
    'div.details-panel',
    {
      role: 'dialog',
      'aria-label': 'Devices and connection',
      hidden: true,
      'data-scrolls': true,
      onkeydown(event) {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        actions.close();
      },
    },
    devices,
    h('h3', {}, 'Connection'),
    route,
    end,
  );
  let readings = new Map();
  let nameOf = (key) => key;
  let relayOnly = false;

  async function drawDevices() {
    const all = await actions.devices();
    const select = (kind, label) =>
      all[kind].length > 0 &&
      h(
        'label',
        {},
        label,
        h(
          'select',
          { onchange: (event) => actions.choose(kind, event.target.value) },
          all[kind].map(({ id, name, isChosen }) =>
            h('option', { value: id, selected: isChosen }, name),
          ),
        ),
      );
    replace(devices, select('audio', 'Microphone'), select('video', 'Camera'));
  }

  function drawRoute() {
    const rows = [...readings]
      .filter(([key]) => nameOf(key) !== null)
      .flatMap(([key, one]) => [
        h('dt', {}, nameOf(key)),
        h(
          'dd',
          { 'data-local': one.local, 'data-remote': one.remote },
          routeOf(one),
          h('br'),
          [
            one.protocol?.toUpperCase(),
            one.rttMs !== null && `${number(one.rttMs)} ms`,
            one.bitrateKbps !== null && `${number(one.bitrateKbps)} kbit/s`,
            one.packetLoss > 0 && `${number(one.packetLoss)} % lost`,
            one.resolution,
          ]
            .filter(Boolean)
            .join(' · '),
        ),
      ]);
    replace(
      route,
      rows.length ? rows : h('dt', {}, 'Not connected yet'),
      relayOnly && [h('dt', {}, 'Relay only'), h('dd', {}, 'As this page’s address asks.')],
    );
  }

  return {
    node,
    get isOpen() {
      return !node.hidden;
    },
    open(on) {
      node.hidden = !on;
      if (!on) return;
      drawRoute();
      drawDevices().then(() => node.querySelector('select')?.focus());
    },
    set({ canEnd, names, isRelayOnly }) {
      end.hidden = !canEnd;
      nameOf = names;
      relayOnly = isRelayOnly;
    },
    setReadings(next) {
      readings = next;
      if (!node.hidden) drawRoute();
    },
  };
}
