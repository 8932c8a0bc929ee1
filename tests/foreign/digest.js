// BLAKE2b of 16 bytes, without a key (RFC 7693). The crypto of node has only the one of 64 bytes, which is another function.
"use strict";
const MASK = (1n << 64n) - 1n;
const IV = [0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n];
const SIGMA = ["0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8", "905724afe1bc683d",
  "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a", "6fe9b308c2d714a5", "a2847615fb9e3cd0"];
const STEPS = [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15], [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]];
const turn = (word, by) => ((word >> by) | (word << (64n - by))) & MASK;

function compress(state, block, counted, last) {
  const v = [...state, ...IV];
  v[12] ^= BigInt(counted);
  if (last) v[14] ^= MASK;
  for (let round = 0; round < 12; round++)
    STEPS.forEach(([a, b, c, d], i) => {
      for (const [word, first, second] of [[2 * i, 32n, 24n], [2 * i + 1, 16n, 63n]]) {
        v[a] = (v[a] + v[b] + block.readBigUInt64LE(8 * parseInt(SIGMA[round % 10][word], 16))) & MASK;
        v[d] = turn(v[d] ^ v[a], first);
        v[c] = (v[c] + v[d]) & MASK;
        v[b] = turn(v[b] ^ v[c], second);
      }
    });
  return state.map((word, i) => word ^ v[i] ^ v[i + 8]);
}

module.exports.digest = bytes => {
  let state = IV.map((word, i) => (i ? word : word ^ 0x01010010n));
  for (let at = 0; at === 0 || at < bytes.length; at += 128) {
    const block = Buffer.alloc(128);
    block.set(bytes.subarray(at, at + 128));
    state = compress(state, block, Math.min(bytes.length, at + 128), at + 128 >= bytes.length);
  }
  return Buffer.from(new BigUint64Array(state).buffer).subarray(0, 16);
};
