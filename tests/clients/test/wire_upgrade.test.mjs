// Upgrades from polling to WebSocket, and what goes wrong at every point of them, beside the official
// server.
import { compare } from '../lib/differential.mjs';

const fence = ['4fence', '4fence'];
const bytes = (...values) => Buffer.from(values);

/** What becomes of the polling session after an upgrade that failed. */
async function stillPolling(wire, session) {
  const pushed = await wire.push(session, '4after');
  return [pushed, await wire.poll(session)];
}

/** Probes with these packets; what the new WebSocket and then the session said. */
const probing = (name, ...packets) => ({
  name,
  run: async (wire) => {
    const session = await wire.session();
    const talk = await wire.probe(session);
    talk.send(...packets);
    await talk.end();
    return { websocket: talk.log, polling: await stillPolling(wire, session) };
  },
});

compare('upgrades', { path: '/engine.io/' }, [
  {
    name: 'the whole upgrade',
    run: async (wire) => {
      const session = await wire.session();
      const poll = wire.poll(session);
      const talk = await wire.probe(session);
      talk.send('2probe');
      await talk.atLeast(1);
      const polled = await poll; // a noop ends it
      talk.send('5', '4hello', bytes(1));
      return [polled, await talk.settle(...fence)];
    },
  },
  {
    name: 'messages before, while and after',
    run: async (wire) => {
      const session = await wire.session();
      await wire.push(session, '4before');
      const talk = await wire.probe(session);
      talk.send('2probe');
      await talk.atLeast(1);
      await wire.push(session, '4while');
      const polled = await wire.poll(session);
      talk.send('5', '4after');
      return [polled, await talk.settle(...fence)];
    },
  },
  {
    name: 'what waits when the upgrade comes goes over the WebSocket',
    run: async (wire) => {
      const session = await wire.session();
      const talk = await wire.probe(session);
      talk.send('2probe');
      await talk.atLeast(1);
      await wire.push(session, '4one\x1e4two');
      talk.send('5', '4three');
      return talk.settle(...fence);
    },
  },
  {
    name: 'polling after the upgrade',
    run: async (wire) => {
      const { session, talk } = await wire.upgraded();
      const answers = [await wire.poll(session), await wire.push(session, '4x')];
      return [answers, await talk.settle('4on', '4on')];
    },
  },
  {
    name: 'a second WebSocket after the upgrade',
    run: async (wire) => {
      const { session, talk } = await wire.upgraded();
      const second = await wire.probe(session);
      second.send('2probe');
      return [await second.end(), await talk.settle('4on', '4on')];
    },
  },
  {
    name: 'a second WebSocket while the first one probes',
    run: async (wire) => {
      const session = await wire.session();
      const first = await wire.probe(session);
      first.send('2probe');
      await first.atLeast(1);
      const second = await wire.probe(session);
      second.send('2probe');
      const log = await second.end();
      first.send('5');
      return [log, await first.settle(...fence)];
    },
  },
  {
    name: 'a second WebSocket for a session that began with one',
    run: async (wire) => {
      const talk = await wire.websocket();
      await talk.atLeast(1);
      const second = await wire.probe(`EIO=4&transport=polling&sid=${talk.sid}`);
      second.send('2other');
      await second.end();
      return second.log.at(-1);
    },
  },
  probing('a wrong probe', '2wrong'),
  probing('a ping without a text', '2'),
  probing('a probe in capitals', '2PROBE'),
  probing('a message in place of the probe', '4hello'),
  probing('garbage in place of the probe', 'abc'),
  probing('nothing in place of the probe', ''),
  probing('bytes in place of the probe', bytes(1, 2)),
  probing('a noop in place of the probe', '6'),
  probing('a pong in place of the probe', '3probe'),
  probing('a close packet in place of the probe', '1'),
  probing('a message after the probe', '2probe', '4hello'),
  probing('garbage after the probe', '2probe', 'abc'),
  probing('bytes after the probe', '2probe', bytes(1)),
  {
    name: 'the probe twice',
    run: async (wire) => {
      const session = await wire.session();
      const talk = await wire.probe(session);
      talk.send('2probe', '2probe');
      await talk.atLeast(2);
      talk.send('5');
      return talk.settle(...fence);
    },
  },
  {
    name: 'an upgrade without a probe',
    run: async (wire) => {
      const session = await wire.session();
      const talk = await wire.probe(session);
      talk.send('5');
      return talk.settle(...fence);
    },
  },
  {
    name: 'an upgrade with another EIO',
    run: async (wire) => {
      const session = await wire.session();
      const talk = await wire.probe(session.replace('EIO=4', 'EIO=3'));
      return [talk.refused, await stillPolling(wire, session)];
    },
  },
  ...[
    ['before the probe', []],
    ['right after the probe', ['2probe']],
  ].flatMap(([when, packets]) =>
    ['hangUp', 'drop'].map((how) => ({
      name: `the WebSocket is gone ${when} (${how})`,
      run: async (wire) => {
        const session = await wire.session();
        const talk = await wire.probe(session);
        talk.send(...packets);
        await talk[how]();
        return stillPolling(wire, session);
      },
    })),
  ),
  {
    name: 'the WebSocket is gone after the answer to the probe, and another one upgrades',
    run: async (wire) => {
      const session = await wire.session();
      const first = await wire.probe(session);
      first.send('2probe');
      await first.atLeast(1);
      await first.hangUp();
      await wire.push(session, '4kept');
      const second = await wire.probe(session);
      second.send('2probe');
      await second.atLeast(1);
      second.send('5');
      return second.settle(...fence);
    },
  },
  {
    name: 'the WebSocket is gone right after the upgrade',
    run: async (wire) => {
      const { session, talk } = await wire.upgraded();
      await talk.hangUp();
      return wire.status('GET', session);
    },
  },
  {
    name: 'the session is closed while the WebSocket probes',
    run: async (wire) => {
      const session = await wire.session();
      const talk = await wire.probe(session);
      talk.send('2probe');
      await talk.atLeast(1);
      await wire.push(session, '1');
      await talk.end();
      return [talk.log, await wire.poll(session)];
    },
  },
  {
    name: 'the session fails while the WebSocket probes',
    run: async (wire) => {
      const session = await wire.session();
      const talk = await wire.probe(session);
      talk.send('2probe');
      await talk.atLeast(1);
      await wire.request('POST', session, { body: 'abc' });
      await talk.end();
      return [talk.log, await wire.poll(session)];
    },
  },
  {
    name: 'a bad packet after the upgrade',
    run: async (wire) => {
      const { session, talk } = await wire.upgraded();
      talk.send('abc');
      await talk.end();
      return [talk.log, await wire.poll(session)];
    },
  },
  {
    name: 'a payload that is sent while the WebSocket probes is not lost',
    run: async (wire) => {
      const session = await wire.session();
      const talk = await wire.probe(session);
      talk.send('2probe');
      await talk.atLeast(1);
      const pushed = await wire.push(
        session,
        Array.from({ length: 100 }, (_, n) => `4${n}`).join('\x1e'),
      );
      talk.send('5');
      return [pushed, await talk.settle(...fence)];
    },
  },
]);
