// Socket.IO packets, right and wrong, over both transports: Carillon beside the official server.
import { compare } from '../lib/differential.mjs';
import { closing, fresh, joined, together } from '../lib/socket_io_talk.mjs';

const bytes = (...values) => Buffer.from(values);
const placeholder = (num = 0) => `{"_placeholder":true,"num":${num}}`;

const packets = {
  // CONNECT
  'CONNECT without a payload': fresh('40'),
  'CONNECT with a payload': fresh('40{"token":"123","more":[1,{"a":null}]}'),
  'CONNECT to /': fresh('40/'),
  'CONNECT to / with a comma': fresh('40/,'),
  'CONNECT to a namespace': fresh('40/custom,{"token":"abc"}'),
  'CONNECT to a namespace without a payload': fresh('40/custom'),
  'CONNECT to a namespace with a comma only': fresh('40/custom,', '42/random,["x"]'),
  'CONNECT to two namespaces': fresh('40', '40/custom,{"a":1}'),
  'CONNECT to an unknown namespace': fresh('40/random'),
  'CONNECT to an unknown namespace with a payload': fresh('40/random,{"token":"x"}'),
  'CONNECT to an unknown namespace after another': joined('40/random,'),
  'CONNECT to a namespace with a query': joined('40/custom?token=abc,'),
  'CONNECT to a namespace in other letters': joined('40/Custom,'),
  'CONNECT to an empty namespace name': joined('40//,'),
  'CONNECT with an id': fresh('401'),
  'CONNECT with an array': fresh('40[]'),
  'CONNECT with a string': fresh('40"x"'),
  'CONNECT with null': fresh('40null'),
  'CONNECT with true': fresh('40true'),
  'CONNECT with broken JSON': fresh('40{'),
  'CONNECT with something behind its payload': fresh('40{}x'),
  'CONNECT with an array to a namespace': joined('40/custom,[]'),
  'a second CONNECT': closing('40'),
  'a second CONNECT with a payload': closing('40{"token":"x"}'),
  'a second CONNECT to a namespace': joined('40/custom,', '40/custom,'),
  'an event before CONNECT': fresh('42["message",1]'),
  'a DISCONNECT before CONNECT': fresh('41'),
  'an acknowledgement before CONNECT': fresh('431[]'),
  'an attachment before CONNECT': fresh(bytes(1)),

  // EVENT
  'an event without arguments': joined('42["message"]'),
  'an event with arguments': joined('42["message",1,"2",{"3":[true,null]},[],""]'),
  'an event with text of many kinds': joined(
    '42["message","ünï 😀 \\u0000 \\" \\\\ \\ud83d\\ude00 </script>"]',
  ),
  'an event with a lone surrogate': joined('42["message","\\ud800"]'),
  'an event with numbers': joined('42["message",0,-1,1.5,1e3,-0.25,1234567890123]'),
  'an event with deep JSON': joined(`42["message",${'['.repeat(50)}${']'.repeat(50)}]`),
  'an event with the same key twice': joined('42["message",{"a":1,"a":2}]'),
  'an event of another name': joined('42["unknown",1]'),
  'an event with an empty name': joined('42["",1]'),
  'an event whose name is a number': joined('42[1,2]'),
  'an event named message_back': joined('42["message-back",1]'),
  'an event for /': joined('42/,["message",1]'),
  'several events': together('42["message",1]', '42["message",2]', '42["message",3]'),
  'an event that asks': joined('421["message-with-ack",1,"2",{"3":[true]}]'),
  'an event that asks with id 0': joined('420["message-with-ack"]'),
  'an event that asks with a long id': joined('42123456789["message-with-ack",1]'),
  'an event that asks with zeros before its id': joined('42007["message-with-ack",1]'),
  'events, one of which asks': together('42["message",1]', '426["message-with-ack",2]'),
  'an event whose name is null': joined('42[null,1]'),
  'an event whose name is true': joined('42[true]'),
  'an event whose name is an object': joined('42[{"a":1}]'),
  'an event whose name is an array': joined('42[["message"]]'),
  'an event that is an object': joined('42{"message":1}'),
  'an event that is a string': joined('42"message"'),
  'an event that is null': joined('42null'),
  'an event of nothing': joined('42[]'),
  'an event without a payload': joined('42'),
  'an event with an id and no payload': joined('421'),
  'an event for / without a payload': joined('42/,'),
  'an event without a payload, for a namespace not joined': joined('42/custom,'),
  'an event of white space': joined('42 '),
  'an event that is not closed': joined('42["message"'),
  'an event with a comma too many': joined('42["message",]'),
  'an event with something behind it': joined('42["message",1] 2'),
  'an event in single quotes': joined("42['message',1]"),
  'an event with a negative id': joined('42-1["message-with-ack",1]'),
  'an event with a fraction as id': joined('421.5["message-with-ack",1]'),
  'an event with a literal of JavaScript': joined('42["message",NaN]'),
  'an event with a bare control character': joined('42["message","\u0001"]'),
  ...Object.fromEntries(
    [
      'connect',
      'connect_error',
      'disconnect',
      'disconnecting',
      'newListener',
      'removeListener',
    ].map((name) => [`the reserved event ${name}`, joined(`42["${name}",1]`)]),
  ),
  'the name error, which is not reserved': joined('42["error","x"]'),

  // Namespaces
  'an event to a namespace not joined': joined('42/custom,["message",1]'),
  'an event to a namespace that does not exist': joined('42/random,["message",1]'),
  'an event to a namespace that is joined': joined('40/custom,', '42/custom,["message",1]'),
  'an event that asks in a namespace': joined('40/custom,', '42/custom,7["message-with-ack",1]'),
  'an event to a namespace without a comma': joined('40/custom,', '42/custom["message",1]'),
  'a reserved event in a namespace': joined('40/custom,', '42/custom,["connect"]'),

  // DISCONNECT
  'DISCONNECT, then CONNECT': joined('41', '40{"again":true}'),
  'DISCONNECT, then an event': joined('41', '42["message",1]'),
  'DISCONNECT, then an acknowledgement': joined('41', '431[]'),
  'DISCONNECT twice': joined('41', '41'),
  'DISCONNECT with an object': joined('41{}'),
  'DISCONNECT with a string': joined('41"x"'),
  'DISCONNECT from a namespace': joined('40/custom,', '41/custom,'),
  'DISCONNECT from a namespace without a comma': joined('40/custom', '41/custom', '40/custom'),
  'DISCONNECT from a namespace, then an event to it': joined(
    '40/custom,',
    '41/custom,',
    '42/custom,["message",1]',
  ),
  'DISCONNECT from / leaves the others': joined('40/custom,', '41', '40', '42/custom,["x"]'),
  'DISCONNECT from a namespace not joined': joined('41/custom,'),
  'DISCONNECT from a namespace, then CONNECT to it': joined(
    '40/custom,{"a":1}',
    '41/custom,',
    '40/custom,{"a":2}',
  ),

  // ACK, CONNECT_ERROR
  'an acknowledgement of nothing': joined('431[1,2]'),
  'an acknowledgement without an id': joined('43[1]'),
  'an acknowledgement without a payload': joined('431'),
  'an acknowledgement without an id and a payload': joined('43'),
  'an acknowledgement that is an object': joined('431{}'),
  'an acknowledgement that is broken': joined('431[1'),
  'an acknowledgement in a namespace not joined': joined('43/custom,1[]'),
  'CONNECT_ERROR from the client': joined('44{"message":"x"}'),
  'CONNECT_ERROR with a string': joined('44"x"'),
  'CONNECT_ERROR with a number': joined('44[1]'),
  'CONNECT_ERROR without a payload': joined('44'),

  // Binary
  'binary events among others': together(
    '42["message",1]',
    `451-["message",${placeholder()}]`,
    bytes(1, 2, 3),
    '42["message",2]',
    `451-1["message-with-ack",${placeholder()}]`,
    bytes(4),
  ),
  'a binary event': joined(`451-["message",${placeholder()}]`, bytes(1, 2, 3)),
  'a binary event with two attachments': joined(
    `452-["message",${placeholder(0)},{"a":[${placeholder(1)}]}]`,
    bytes(1),
    bytes(2, 3),
  ),
  'a binary event whose placeholders are in another order': joined(
    `452-["message",${placeholder(1)},${placeholder(0)}]`,
    bytes(1),
    bytes(2),
  ),
  'a binary event that asks': joined(
    `452-789["message-with-ack",${placeholder(0)},"x",${placeholder(1)}]`,
    bytes(4),
    bytes(5),
  ),
  'a binary event with an empty attachment': joined(`451-["message",${placeholder()}]`, bytes()),
  'a binary event with a namespace': joined(
    '40/custom,',
    `451-/custom,["message",${placeholder()}]`,
    bytes(1),
  ),
  'a binary event with one attachment in two places': joined(
    `451-["message",${placeholder()},${placeholder()}]`,
    bytes(1),
  ),
  'a binary event with ten attachments': joined(
    `4510-["message",${Array.from({ length: 10 }, (_, n) => placeholder(n)).join()}]`,
    ...Array.from({ length: 10 }, (_, n) => bytes(n)),
  ),
  'a binary event with eleven attachments': joined(
    `4511-["message",${Array.from({ length: 11 }, (_, n) => placeholder(n)).join()}]`,
    ...Array.from({ length: 11 }, (_, n) => bytes(n)),
  ),
  'a binary event with very many attachments': joined('45999999-["message"]'),
  'a binary event with more attachments than placeholders': joined(
    `452-["message",${placeholder()}]`,
    bytes(1),
    bytes(2),
  ),
  'a binary event whose attachments do not come': joined(`451-["message",${placeholder()}]`),
  'a binary event with one attachment missing': joined(
    `452-["message",${placeholder(0)},${placeholder(1)}]`,
    bytes(1),
  ),
  'a binary event with an attachment too many': joined(
    `451-["message",${placeholder()}]`,
    bytes(1),
    bytes(2),
  ),
  'an attachment that was not announced': joined(bytes(1, 2)),
  'a binary event with a placeholder out of range': joined(
    `451-["message",${placeholder(5)}]`,
    bytes(1),
  ),
  'a binary event with a negative placeholder': joined(
    `451-["message",${placeholder(-1)}]`,
    bytes(1),
  ),
  'a binary event with a placeholder that is text': joined(
    `451-["message",${placeholder('"0"')}]`,
    bytes(1),
  ),
  'a binary event without a placeholder': joined('451-["message",1]', bytes(1)),
  'a binary event with no attachments': joined('450-["message",1]'),
  'a binary event without a number': joined('45-["message",1]'),
  'a binary event without a hyphen': joined('451["message",1]'),
  'a binary event with a fraction of attachments': joined('451.5-["message",1]'),
  'a binary event of nothing': joined('45'),
  'a binary event without a payload': joined('451-', bytes(1)),
  'a binary event with an id and no payload': joined('451-7', bytes(1)),
  'a binary acknowledgement without a payload': joined('461-7', bytes(1)),
  'a binary event that is an object': joined('451-{}', bytes(1)),
  'a binary event that is broken': joined('451-["message"', bytes(1)),
  'a binary event of a reserved name': joined(`451-["connect",${placeholder()}]`, bytes(1)),
  'a placeholder in an event that is not binary': joined(`42["message",${placeholder()}]`),
  'a text packet between a binary event and its attachment': joined(
    `451-["message",${placeholder()}]`,
    '42["message",1]',
    bytes(1),
  ),
  'a binary acknowledgement of nothing': joined(`461-7[${placeholder()}]`, bytes(1)),
  'a binary acknowledgement whose attachment does not come': joined(`461-7[${placeholder()}]`),
  'a binary event to a namespace not joined': joined(
    `451-/custom,["message",${placeholder()}]`,
    bytes(1),
  ),

  // Anything else
  'packet type 7': joined('47'),
  'packet type 9': joined('49["message"]'),
  'packet type x': joined('4x'),
  'packet type x before CONNECT': fresh('4x'),
  'a message of nothing': joined('4'),
  'a message that is JSON only': joined('4["message"]'),
  'a long event': joined(`42["message","${'y'.repeat(90000)}"]`),
};

const strict = (because) => ({ because, carillon: ['closed'] });

/** What Carillon does in another way, and why. */
const differences = {
  'an event with a lone surrogate': strict('all text is Unicode, for every receiver'),
  'an event with deep JSON': strict('JSON may nest 32 deep'),
  'an event of white space': strict('white space is no payload, and no id as in JavaScript'),
  'a binary event whose placeholders are in another order': {
    because: 'arguments are passed on as they came, not taken apart and numbered anew',
    carillon: [
      `452-["message-back",${placeholder(1)},${placeholder(0)}]`,
      { binary: '01' },
      { binary: '02' },
    ],
  },
  'a binary event with one attachment in two places': {
    because: 'arguments are passed on as they came, not taken apart and numbered anew',
    carillon: [`451-["message-back",${placeholder()},${placeholder()}]`, { binary: '01' }],
  },
  'a binary event with more attachments than placeholders': {
    because: 'arguments are passed on as they came, not taken apart and numbered anew',
    carillon: [`452-["message-back",${placeholder()}]`, { binary: '01' }, { binary: '02' }],
  },
  'a binary event without a placeholder': {
    because: 'arguments are passed on as they came, not taken apart and numbered anew',
    carillon: ['451-["message-back",1]', { binary: '01' }],
  },
};

for (const transport of ['websocket', 'polling']) {
  const cases = Object.entries(packets).map(([name, { converse }]) => ({
    name,
    run: async (wire) => converse(await wire[transport]()),
    differs: differences[name],
  }));
  compare(`Socket.IO over ${transport}`, { path: '/socket.io/' }, cases);
}

compare('nobody joins a namespace', { path: '/socket.io/', settings: { connectTimeout: 200 } }, [
  {
    name: 'nothing is sent, over websocket',
    run: async (wire) => (await wire.websocket()).end(),
  },
  { name: 'nothing is sent, over polling', run: async (wire) => (await wire.polling()).end() },
  {
    name: 'what is sent after that goes unheard, and the next poll tells',
    run: async (wire) => {
      const session = await wire.session();
      await new Promise((done) => setTimeout(done, 600));
      const late = [await wire.push(session, '40'), await wire.push(session, '3')];
      return [late, await wire.poll(session), await wire.status('GET', session)];
    },
  },
  {
    name: 'only an unknown namespace is asked for',
    run: async (wire) => {
      const talk = await wire.websocket();
      talk.send('40/random');
      return talk.end();
    },
  },
  {
    name: 'one is joined and left',
    run: async (wire) => {
      const talk = await wire.websocket();
      const other = await wire.websocket();
      await talk.step('40');
      await talk.step('41');
      await other.end();
      return talk.settle('40/custom,{"f":1}', '42/custom,["auth",{"f":1}]');
    },
  },
]);
