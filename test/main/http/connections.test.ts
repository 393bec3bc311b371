import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createConnections } from '../../../src/main/http/connections.ts'

function socketFrom(remoteAddress: string | undefined): Socket {
  return Object.assign(new EventEmitter(), { remoteAddress }) as Socket
}

describe('The ceiling of connections', () => {
  it.each([
    ['192.168.1.20', 400],
    ['fe80::1', 400],
    ['127.0.0.1', 3_000],
    ['::1', 3_000],
    ['::ffff:127.0.0.1', 3_000],
  ])('%s may have %i at once, and another address is not touched by it', (address, ceiling) => {
    const connections = createConnections()
    const sockets = Array.from({ length: ceiling }, () => socketFrom(address))
    expect(sockets.every(connections.admit)).toBe(true)
    expect(connections.admit(socketFrom(address))).toBe(false)
    expect(connections.admit(socketFrom('10.0.0.9'))).toBe(true)
    sockets[0]?.emit('close')
    expect(connections.admit(socketFrom(address))).toBe(true)
    expect(connections.admit(socketFrom(address))).toBe(false)
  })

  it('one that is gone before it could be looked at is not let in', () => {
    expect(createConnections().admit(socketFrom(undefined))).toBe(false)
  })
})
