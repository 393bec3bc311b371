// @vitest-environment node
import { expect, it } from 'vitest'
import { hmacOf } from '../../../src/renderer/gotapi-client/index.ts'

const key = '00112233445566778899aabbccddeeff'
const nonce = '0102030405060708090a0b0c0d0e0f10'

it.each([
  ['hex', nonce, 'c72e29f5b5cc5dd6f130a29e2754a84397583f5669d49537700e156b4a56a62a'],
  ['text', nonce, 'b389cd5d5630e20c1ce2f188f6cf7f51d0de489eb2d2759abaa87d3e1bf8a1f0'],
  ['hex', '', 'e8a06537f096ccf1a3c425a56cea054072c4a8db67bd28cfb02fbeaf84b35f6c'],
  ['text', '', '49b8bfbda4ad9a46f3e2ad6edb8f75b356a3724a109ed6d7d6670d20978d5113'],
] as const)('gotapi 10.3: the %s vector for the nonce "%s" comes out', async (mode, thisNonce, hmac) => {
  expect(await hmacOf({ key, mode }, thisNonce)).toBe(hmac)
})
