// Answers one JSON object per line on stdin with one JSON object per line on stdout, computed by
// polkadot's own library. Its only argument is the folder that holds node_modules.
//
//   {"do":"key","seed":hex}                       -> {"publicKey":hex,"address":text}
//   {"do":"sign","seed":hex,"message":hex}        -> {"signature":hex}
//   {"do":"verify","publicKey":hex,"message":hex,"signature":hex} -> {"valid":bool}
//   {"do":"address","publicKey":hex}              -> {"address":text}
//   {"do":"publicKey","address":text}             -> {"publicKey":hex}
//   {"do":"time","rounds":n}                      -> {"signMicros":x,"verifyMicros":y} (medians, warm)
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node polkadot.mjs <folder with node_modules>');
  process.exit(1);
}
const require = createRequire(resolve(folder, 'package.json'));
const polkadot = require('@polkadot/util-crypto');
await polkadot.cryptoWaitReady();

const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (array) => Buffer.from(array).toString('hex');
const pairOf = (seed) => polkadot.sr25519PairFromSeed(bytes(seed));
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];

function medianMicros(rounds, action) {
  for (let warm = 0; warm < rounds; warm++) action();
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    action();
    times.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  return median(times);
}

const answers = {
  key: ({ seed }) => {
    const { publicKey } = pairOf(seed);
    return { publicKey: hex(publicKey), address: polkadot.encodeAddress(publicKey, 42) };
  },
  sign: ({ seed, message }) => ({
    signature: hex(polkadot.sr25519Sign(bytes(message), pairOf(seed))),
  }),
  verify: ({ publicKey, message, signature }) => ({
    valid: polkadot.sr25519Verify(bytes(message), bytes(signature), bytes(publicKey)),
  }),
  address: ({ publicKey }) => ({ address: polkadot.encodeAddress(bytes(publicKey), 42) }),
  publicKey: ({ address }) => ({ publicKey: hex(polkadot.decodeAddress(address, false, 42)) }),
  time: ({ rounds }) => {
    const pair = pairOf('07'.repeat(32));
    const message = new Uint8Array(220).fill(46);
    const signature = polkadot.sr25519Sign(message, pair);
    return {
      signMicros: medianMicros(rounds, () => polkadot.sr25519Sign(message, pair)),
      verifyMicros: medianMicros(rounds, () =>
        polkadot.sr25519Verify(message, signature, pair.publicKey)),
    };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  process.stdout.write(JSON.stringify(answers[question.do](question)) + '\n');
}
