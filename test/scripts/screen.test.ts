import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findBrowser } from '../../scripts/testing/parts.mjs'
import { openScreen } from '../../scripts/testing/screen.mjs'
import { temporaryProject } from './project.ts'

describe('a screen for the tests', () => {
  it('is the one that is there', async () => {
    expect((await openScreen({ env: { WAYLAND_DISPLAY: 'wayland-0' } }))?.env).toEqual({})
  })

  it.runIf(process.platform === 'linux')('is a server of our own on the number it picked', async () => {
    const command = join(
      temporaryProject({ 'x-server': '#!/bin/sh\necho 42 >&3\nexec sleep 60\n' }),
      'x-server',
    )
    chmodSync(command, 0o755)
    const screen = await openScreen({ env: {}, command })
    onTestFinished(() => screen?.close())
    expect(screen?.env).toMatchObject({ DISPLAY: ':42', WAYLAND_DISPLAY: '' })
  })

  it.runIf(process.platform === 'linux')('is not to be had without an X server', async () => {
    expect(await openScreen({ env: {}, command: 'gantry-no-such-server' })).toBeUndefined()
  })
})

describe('the browser for the tests', () => {
  it('is the one named in CHROME_PATH, and no other when that one is missing', () => {
    expect(findBrowser({ CHROME_PATH: process.execPath, PATH: '/usr/bin' })).toBe(process.execPath)
    expect(findBrowser({ CHROME_PATH: '/no/such/browser', PATH: '/usr/bin' })).toBeUndefined()
  })
})
