// Heartbeats, answered and not, over both transports, beside the official server.
import { compare } from '../lib/differential.mjs';

const fence = ['4fence', '4fence'];

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The times of the heartbeat of these tables. */
const settings = { pingInterval: 300, pingTimeout: 200 };

compare('heartbeats', { path: '/engine.io/', settings }, [
  {
    name: 'a handshake announces the times',
    run: (wire) => wire.request('GET', 'EIO=4&transport=polling'),
  },
  {
    name: 'nobody answers, over websocket',
    run: async (wire) => {
      const talk = await wire.websocket();
      talk.logsPings = true;
      talk.answersPings = false;
      return talk.end();
    },
  },
  {
    name: 'nobody answers, over polling',
    run: async (wire) => {
      const session = await wire.session();
      const first = await wire.poll(session);
      return [first, await wire.poll(session), await wire.poll(session)];
    },
  },
  {
    name: 'nobody polls',
    run: async (wire) => {
      const session = await wire.session();
      await pause(800);
      return wire.poll(session);
    },
  },
  {
    name: 'answered, over websocket',
    run: async (wire) => {
      const talk = await wire.websocket();
      talk.logsPings = true;
      await talk.atLeast(6);
      talk.logsPings = false;
      return talk.settle(...fence);
    },
  },
  {
    name: 'answered, over polling',
    run: async (wire) => {
      const session = await wire.session();
      const answers = [];
      for (let i = 0; i < 5; ++i) {
        answers.push(await wire.poll(session));
        await wire.push(session, '3');
      }
      return answers;
    },
  },
  {
    name: 'answered before and after an upgrade',
    run: async (wire) => {
      const session = await wire.session();
      const polled = await wire.poll(session);
      await wire.push(session, '3');
      const talk = await wire.probe(session);
      talk.send('2probe');
      await talk.atLeast(1);
      talk.send('5');
      await pause(1200);
      return [polled, await talk.settle(...fence)];
    },
  },
  {
    name: 'not answered after an upgrade',
    run: async (wire) => {
      const { talk } = await wire.upgraded();
      talk.answersPings = false;
      return talk.end();
    },
  },
  {
    name: 'the pong of another kind is no answer',
    run: async (wire) => {
      const talk = await wire.websocket();
      talk.answersPings = false;
      talk.send('6', '6');
      return talk.end();
    },
  },
]);
