import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { goesToUs, originOf, originsOf } from '../../../src/main/http/host-guard.ts'
import type { Place } from '../../../src/main/http/place.ts'

const place = (scheme: Place['scheme'], port: number): Place => ({
  via: scheme === 'http' ? 'loopback' : 'lan',
  scheme,
  port: () => port,
  hostNames: () => ['shop.local'],
})

const asked = (...hosts: string[]) =>
  ({
    headers: { host: hosts[0] },
    rawHeaders: hosts.flatMap(host => ['Host', host]),
  }) as unknown as IncomingMessage

describe('The host guard', () => {
  it.each([
    ['http', 4035, 'localhost:4035', true],
    ['http', 4035, 'LOCALHOST:4035', true],
    ['http', 4035, '127.0.0.1:4035', true],
    ['http', 4035, '[::1]:4035', true],
    ['http', 4035, 'shop.local:4035', true],
    ['http', 4035, 'Gantry.Example:4035', true],
    ['http', 4035, 'localhost', false],
    ['http', 4035, 'localhost:80', false],
    ['http', 4035, 'evil.example:4035', false],
    ['http', 4035, 'notlocalhost:4035', false],
    ['http', 4035, '', false],
    ['http', 80, 'localhost', true],
    ['http', 80, 'localhost:80', true],
    ['http', 80, '[::1]', true],
    ['http', 80, 'evil.example', false],
    ['http', 443, 'localhost', false],
    ['https', 443, 'shop.local', true],
    ['https', 443, 'shop.local:443', true],
    ['https', 80, 'shop.local', false],
  ] as const)('over %s at port %i a request to “%s” comes in: %s', (scheme, port, host, comesIn) => {
    expect(goesToUs(asked(host), place(scheme, port), () => ['gantry.example'])).toBe(comesIn)
  })

  it('turns away two Host headers, even of our own, and none', () => {
    expect(goesToUs(asked('localhost:4035', 'localhost:4035'), place('http', 4035), () => [])).toBe(false)
    expect(goesToUs(asked(), place('http', 4035), () => [])).toBe(false)
  })
})

describe('Origins of our own pages', () => {
  it('leave out the port that is the scheme’s own, as browsers do', () => {
    expect(originOf('http', 'localhost', 80)).toBe('http://localhost')
    expect(originOf('https', 'localhost', 443)).toBe('https://localhost')
    expect(originOf('https', 'Shop.Local', 80)).toBe('https://shop.local:80')
    expect(originsOf('http', 4035, ['a.example'])).toEqual([
      'http://localhost:4035',
      'http://127.0.0.1:4035',
      'http://[::1]:4035',
      'http://a.example:4035',
    ])
  })
})
