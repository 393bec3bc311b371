import { describe, expect, it } from 'vitest'
import { createMounts } from '../../../src/main/http/mounts.ts'

const nobody = async () => {}

describe('Mounts', () => {
  it.each([
    ['/gotapi', true],
    ['/gotapi/availability', true],
    ['/GotAPI/Availability', true],
    ['/gotapix', false],
    ['/', false],
    ['/other/gotapi', false],
  ])('%s belongs to the mount at /gotapi: %s', (path, belongs) => {
    const mounts = createMounts()
    mounts.mount('/gotapi', nobody)
    expect(mounts.find(path) === nobody).toBe(belongs)
  })

  it.each([
    ['/bytes', '/bytes'],
    ['/bytes', '/BYTES'],
    ['/bytes', '/bytes/inner'],
    ['/bytes/inner', '/bytes'],
  ])('%s and %s cannot be mounted side by side', (first, second) => {
    const mounts = createMounts()
    mounts.mount(first, nobody)
    expect(() => mounts.mount(second, nobody)).toThrow('mounted twice')
  })

  it('two names that only begin alike can', () => {
    const mounts = createMounts()
    mounts.mount('/bytes', nobody)
    mounts.mount('/bytes2', nobody)
    expect(mounts.find('/bytes2/a')).toBe(nobody)
  })

  it('a mount that was taken away answers no more', () => {
    const mounts = createMounts()
    const unmount = mounts.mount('/gotapi', nobody)
    unmount()
    expect(mounts.find('/gotapi')).toBeUndefined()
  })
})
