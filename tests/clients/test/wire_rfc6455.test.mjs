// WebSocket itself (RFC 6455), frame by frame: Carillon's raw echo beside that of the `ws` package.
import { compare } from '../lib/differential.mjs';
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  FrameTalk,
  PING,
  PONG,
  TEXT,
  close,
  frame,
  handshake,
} from '../lib/frames.mjs';

const path = '/ws-echo';
const more = { fin: false };

async function open(wire, request) {
  const talk = await FrameTalk.open(wire.server, path, request);
  wire.talks.push(talk);
  return talk;
}

/** What comes of these frames. */
const sending = (name, ...frames) => ({
  name,
  run: async (wire) => {
    const talk = await open(wire);
    talk.send(...frames);
    return talk.settle();
  },
});

/** As `sending`, where Carillon is stricter or milder, and says why. */
const differing = (because, carillon, name, ...frames) => ({
  ...sending(name, ...frames),
  differs: { because, carillon },
});

/** The same bytes, one by one: nothing may depend on how they arrive. */
const trickling = (name, ...frames) => ({
  name: `${name}, byte by byte`,
  run: async (wire) => {
    const talk = await open(wire);
    for (const byte of Buffer.concat(frames)) {
      talk.send(Buffer.of(byte));
      await new Promise((done) => setImmediate(done));
    }
    return talk.settle();
  },
});

const utf8 = Buffer.from('κόσμε 😀');
const bad = {
  'a byte alone': [0x80],
  'a sequence cut off': [0xe2, 0x82],
  'an overlong slash': [0xc0, 0xaf],
  'an overlong nul': [0xe0, 0x80, 0x80],
  'a surrogate': [0xed, 0xa0, 0x80],
  'above U+10FFFF': [0xf4, 0x90, 0x80, 0x80],
  'five bytes': [0xf8, 0x88, 0x80, 0x80, 0x80],
  '0xFF': [0xff],
};

compare('frames', { path }, [
  sending('nothing'),
  sending('text', frame(TEXT, 'hello')),
  sending('empty text', frame(TEXT)),
  sending('bytes', frame(BINARY, Buffer.of(0, 1, 255))),
  sending('no bytes', frame(BINARY)),
  ...[125, 126, 127, 128, 65535, 65536, 100000].map((size) =>
    sending(`${size} bytes`, frame(BINARY, Buffer.alloc(size, 7))),
  ),
  sending('text of the greatest size', frame(TEXT, 'x'.repeat(100000))),
  sending('one byte too many', frame(BINARY, Buffer.alloc(100001))),
  sending('far too many bytes', frame(BINARY, Buffer.alloc(1000000))),
  sending('a length that is too big, without its bytes', frame(BINARY, '', { claims: 1 << 30 })),
  sending(
    'fragments that are too big together',
    ...Array.from({ length: 11 }, (_, i) =>
      frame(i ? CONTINUATION : BINARY, Buffer.alloc(10000), { fin: i === 10 }),
    ),
  ),
  sending('many messages', ...Array.from({ length: 300 }, (_, n) => frame(TEXT, `${n}`))),

  // Masks
  sending('text without a mask', frame(TEXT, 'hello', { masked: false })),
  sending('a ping without a mask', frame(PING, '', { masked: false })),
  sending('a close without a mask', frame(CLOSE, '', { masked: false })),

  // Fragments
  sending('two fragments', frame(TEXT, 'hel', more), frame(CONTINUATION, 'lo')),
  sending(
    'fragments of nothing',
    frame(TEXT, '', more),
    frame(CONTINUATION, '', more),
    frame(CONTINUATION),
  ),
  sending(
    'a fragment of bytes',
    frame(BINARY, Buffer.of(1), more),
    frame(CONTINUATION, Buffer.of(2)),
  ),
  sending(
    'many fragments',
    frame(TEXT, 'a', more),
    ...Array.from({ length: 200 }, () => frame(CONTINUATION, 'b', more)),
    frame(CONTINUATION, 'c'),
  ),
  sending(
    'a ping between fragments',
    frame(TEXT, 'hel', more),
    frame(PING, 'p'),
    frame(CONTINUATION, 'lo'),
  ),
  sending(
    'a pong between fragments',
    frame(TEXT, 'hel', more),
    frame(PONG, 'p'),
    frame(CONTINUATION, 'lo'),
  ),
  sending('a close between fragments', frame(TEXT, 'hel', more), close(1000)),
  sending('text between fragments', frame(TEXT, 'hel', more), frame(TEXT, 'lo')),
  sending('bytes between fragments', frame(TEXT, 'hel', more), frame(BINARY, 'lo')),
  sending('a continuation of nothing', frame(CONTINUATION, 'x')),
  sending('a continuation of nothing, not the last', frame(CONTINUATION, 'x', more)),
  sending(
    'a continuation after the last',
    frame(TEXT, 'a', more),
    frame(CONTINUATION, 'b'),
    frame(CONTINUATION, 'c'),
  ),

  // Reserved bits and opcodes
  ...[1, 2, 3, 4, 5, 6, 7].map((rsv) => sending(`reserved bits ${rsv}`, frame(TEXT, 'x', { rsv }))),
  sending('a reserved bit in a ping', frame(PING, '', { rsv: 4 })),
  sending(
    'a reserved bit in a continuation',
    frame(TEXT, 'x', more),
    frame(CONTINUATION, 'y', { rsv: 4 }),
  ),
  sending('a reserved bit in a close', frame(CLOSE, '', { rsv: 1 })),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) =>
    sending(`opcode ${opcode}`, frame(opcode, 'x')),
  ),
  sending('a message, then a bad opcode', frame(TEXT, 'one'), frame(3, 'x')),

  // UTF-8
  sending('text of many kinds', frame(TEXT, utf8)),
  sending(
    'a code point split across fragments',
    frame(TEXT, utf8.subarray(0, 13), more),
    frame(CONTINUATION, utf8.subarray(13)),
  ),
  sending(
    'each byte of text in a fragment',
    ...[...utf8].map((byte, i) =>
      frame(i ? CONTINUATION : TEXT, Buffer.of(byte), { fin: i === utf8.length - 1 }),
    ),
  ),
  sending('a noncharacter', frame(TEXT, Buffer.from([0xef, 0xbf, 0xbf]))),
  sending('a nul', frame(TEXT, Buffer.of(0))),
  ...Object.entries(bad).flatMap(([name, values]) => {
    const bytes = Buffer.from(values);
    return [
      sending(`bad text: ${name}`, frame(TEXT, Buffer.concat([utf8, bytes]))),
      sending(
        `bad text in fragments: ${name}`,
        frame(TEXT, Buffer.concat([utf8, bytes.subarray(0, 1)]), more),
        frame(CONTINUATION, bytes.subarray(1)),
      ),
      sending(`the same as bytes: ${name}`, frame(BINARY, bytes)),
    ];
  }),
  sending(
    'text whose end is missing in its last fragment',
    frame(TEXT, utf8.subarray(0, utf8.length - 1), more),
    frame(CONTINUATION),
  ),

  // Lengths
  ...[
    ['16 bits for 5 bytes', { width: 16 }],
    ['64 bits for 5 bytes', { width: 64 }],
  ].map(([name, options]) =>
    differing(
      'the minimal number of bytes must be used for a length (5.2)',
      [{ close: 1002 }],
      name,
      frame(TEXT, 'hello', options),
    ),
  ),
  sending('the highest bit of a length', frame(BINARY, '', { width: 64, claims: 1n << 63n })),
  sending('a length above 2^53', frame(BINARY, '', { width: 64, claims: 1n << 60n })),

  // Control frames
  sending('a ping', frame(PING)),
  sending('a ping with text', frame(PING, 'hello')),
  sending('a ping with bytes', frame(PING, Buffer.of(0xff, 0, 0xfe))),
  sending('a ping of 125 bytes', frame(PING, Buffer.alloc(125, 3))),
  sending('a ping of 126 bytes', frame(PING, Buffer.alloc(126, 3))),
  sending('a ping of 70000 bytes', frame(PING, Buffer.alloc(70000, 3))),
  sending('ten pings', ...Array.from({ length: 10 }, (_, n) => frame(PING, `${n}`))),
  sending('a pong', frame(PONG)),
  sending('a pong with text', frame(PONG, 'hello')),
  sending('a pong of 126 bytes', frame(PONG, Buffer.alloc(126, 3))),
  sending('a ping in fragments', frame(PING, 'a', more), frame(CONTINUATION, 'b')),
  sending('a pong in fragments', frame(PONG, 'a', more), frame(CONTINUATION, 'b')),
  sending('a close in fragments', frame(CLOSE, '', more), frame(CONTINUATION)),

  // Close
  sending('a close without a code', frame(CLOSE)),
  sending('a close of one byte', frame(CLOSE, Buffer.of(3))),
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code) =>
    sending(`close ${code}`, close(code)),
  ),
  ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999].map((code) =>
    sending(`close ${code}, which may not be sent`, close(code)),
  ),
  ...[5000, 65535].map((code) => sending(`close ${code}`, close(code))),
  sending('a close with a reason', close(1000, 'good bye')),
  sending('a close with a reason of 123 bytes', close(1000, 'x'.repeat(123))),
  sending('a close with a reason of 124 bytes', close(1000, 'x'.repeat(124))),
  sending('a close whose reason is bad text', close(1000, Buffer.of(0xff))),
  sending('a close, then text', close(1000), frame(TEXT, 'late')),
  sending('a close, then a ping', close(1000), frame(PING, 'late')),
  sending('a close, then another', close(1001), close(1000)),
  sending('text, then a close', frame(TEXT, 'first'), close(1000)),

  // Arrival
  trickling('text', frame(TEXT, 'hello')),
  trickling(
    'a ping between fragments',
    frame(TEXT, 'hel', more),
    frame(PING, 'p'),
    frame(CONTINUATION, 'lo'),
  ),
  trickling('a close', close(1001, 'bye')),
  trickling('300 bytes', frame(BINARY, Buffer.alloc(300, 9))),
  {
    name: 'frames in the same bytes as each other',
    run: async (wire) => {
      const talk = await open(wire);
      talk.send(Buffer.concat([frame(TEXT, 'a'), frame(PING, 'b'), frame(BINARY, 'c')]));
      return talk.settle();
    },
  },
]);

/** How an opening handshake is answered. */
const opening = (name, headers, line) => ({
  name,
  run: async (wire) => {
    const talk = await open(wire, handshake(path, headers, line));
    const header = (key) => new RegExp(`^${key}: *(.*)$`, 'im').exec(talk.head)?.[1];
    return {
      status: talk.status,
      accept: header('Sec-WebSocket-Accept'),
      extensions: header('Sec-WebSocket-Extensions'),
      protocol: header('Sec-WebSocket-Protocol'),
      ...(talk.status === 101 ? { echo: await talk.settle() } : {}),
    };
  },
});

compare('opening handshakes', { path }, [
  opening('as it should be'),
  opening('with names in other letters', {
    Upgrade: 'WebSocket',
    Connection: 'keep-alive, upgrade',
  }),
  opening('with an origin', { Origin: 'http://elsewhere.example' }),
  opening('with an extension', { 'Sec-WebSocket-Extensions': 'permessage-deflate' }),
  opening('without a key', { 'Sec-WebSocket-Key': undefined }),
  opening('with a key that is too short', { 'Sec-WebSocket-Key': 'c2hvcnQ=' }),
  opening('with a key that is no base64', { 'Sec-WebSocket-Key': '!!!!!!!!!!!!!!!!!!!!!!==' }),
  opening('without a version', { 'Sec-WebSocket-Version': undefined }),
  ...['12', '99'].map((version) => ({
    ...opening(`with version ${version}`, { 'Sec-WebSocket-Version': version }),
    differs: {
      because: '426 is the status for this (4.2.2, 4.4)',
      carillon: { status: 426, accept: undefined, extensions: undefined, protocol: undefined },
    },
  })),
  opening('by POST', {}, `POST ${path} HTTP/1.1`),
]);
