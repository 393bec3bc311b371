import { expect, it } from 'vitest'
import { isBlockedPort } from '../../../src/main/engine/blocked-ports.ts'

const ports = Array.from({ length: 11_000 }, (_, port) => port).filter(isBlockedPort)

it('every port of the list is one that a real fetch refuses before it connects', async () => {
  expect(ports.length).toBeGreaterThan(80)
  const reasons = await Promise.all(
    ports.map(port =>
      fetch(`http://127.0.0.1:${port}/`).catch((thrown: Error) => String(Object(thrown.cause).message)),
    ),
  )
  expect(new Set(reasons)).toEqual(new Set(['bad port']))
})

it.each([80, 443, 3000, 4035, 4036, 5000, 6064, 6670, 8080, 8443])('port %i is not blocked', port => {
  expect(isBlockedPort(port)).toBe(false)
})
