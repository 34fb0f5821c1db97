// Engine.IO packets over WebSocket: Carillon's echo beside the official server.
import { compare } from '../lib/differential.mjs';

const fence = ['4fence', '4fence'];
const handshake =
  '0{"sid":"*","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100000}';

const bytes = (...values) => Buffer.from(values);

const converse = (name, ...packets) => ({
  name,
  run: async (wire) => {
    const talk = await wire.websocket();
    talk.send(...packets);
    return talk.settle(...fence);
  },
});

compare('Engine.IO over websocket', { path: '/engine.io/' }, [
  converse('nothing'),
  converse('a message', '4hello'),
  converse('an empty message', '4'),
  converse('text of many kinds', '4ünï 😀 " \\ \u0000 \u2028 \x1e 4x'),
  converse('bytes', bytes(1, 2, 3)),
  converse('no bytes', bytes()),
  converse('bytes that look like packets', Buffer.from('4x'), Buffer.from('1'), Buffer.from('2')),
  converse('messages and bytes by turns', '41', bytes(1), '42', bytes(2), '43', bytes(3)),
  {
    ...converse('bytes as base64', 'bAQIDBA=='),
    differs: {
      because: 'base64 is for the payloads of long-polling; a WebSocket has binary frames',
      carillon: [handshake, 'closed'],
    },
  },
  converse('a long message', `4${'x'.repeat(99999)}`),
  converse('an unknown packet type', '7'),
  converse('text', 'abc'),
  converse('an empty frame', ''),
  converse('a ping from the client', '2'),
  converse('a probe outside an upgrade', '2probe'),
  converse('a pong that nobody asked for', '3'),
  converse('a pong with text', '3probe'),
  converse('an upgrade packet', '5'),
  converse('a noop', '6'),
  converse('an open packet', '0{}'),
  converse('a message, then an unknown packet type', '4one', '9'),
  {
    name: 'a frame that is too big',
    run: async (wire) => {
      const talk = await wire.websocket();
      talk.send(`4${'x'.repeat(100000)}`);
      return talk.end();
    },
  },
  {
    name: 'the client closes the WebSocket',
    run: async (wire) => {
      const talk = await wire.websocket();
      await talk.hangUp();
      return talk.log;
    },
  },
  {
    name: 'a close packet',
    run: async (wire) => {
      const talk = await wire.websocket();
      talk.send('1', ...fence.slice(0, 1));
      await talk.until((log) => log.includes('4fence'));
      return talk.log;
    },
    differs: {
      because: 'the protocol says that a close packet closes; the official server ignores it here',
      carillon: [handshake, 'closed'],
    },
  },
]);
