import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** @type {(password: string, salt: Buffer, length: number, options: import('node:crypto').ScryptOptions) => Promise<Buffer>} */
const derive = promisify(scrypt)
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
const lengthBytes = 32

/** @param {string} password */
export async function hashPassword(password) {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, lengthBytes, cost)
  return `scrypt:${salt.toString('base64url')}:${hash.toString('base64url')}`
}

/** A user nobody knows costs as long as one with a wrong password, so that names cannot be told apart. */
const nobody = `scrypt:${randomBytes(16).toString('base64url')}:${randomBytes(lengthBytes).toString('base64url')}`

/**
 * @param {string} password
 * @param {string | undefined} kept as `hashPassword` made it; undefined for a user there is not
 */
export async function isPassword(password, kept) {
  const [, salt = '', hash = ''] = (kept ?? nobody).split(':')
  const expected = Buffer.from(hash, 'base64url')
  const given = await derive(password, Buffer.from(salt, 'base64url'), lengthBytes, cost)
  return expected.length === given.length && timingSafeEqual(expected, given) && kept !== undefined
}
