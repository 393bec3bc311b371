import { describe, expect, it } from 'vitest'
import { hasDisplay, libraryAdvice, missingLibraries } from '../../scripts/bootstrap/display.mjs'
import { electronSwitches } from '../../scripts/bootstrap/launch.mjs'

const linux = (env: Record<string, string>, sockets: readonly string[] = []) =>
  hasDisplay({ env, platform: 'linux', hasSocket: name => sockets.includes(name) })

describe('the display', () => {
  it('is missing on a Linux machine that names none', () => {
    expect(linux({})).toBe(false)
  })

  it('is missing when the one that is named does not run', () => {
    expect(linux({ DISPLAY: ':7' })).toBe(false)
    expect(linux({ DISPLAY: ':7.0' }, ['/tmp/.X11-unix/X7'])).toBe(true)
  })

  it('may be Wayland or another machine', () => {
    expect(linux({ WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
    expect(linux({ DISPLAY: 'desk:10.0' })).toBe(true)
  })

  it('is always there on Windows and macOS', () => {
    expect(hasDisplay({ env: {}, platform: 'win32' })).toBe(true)
    expect(hasDisplay({ env: {}, platform: 'darwin' })).toBe(true)
  })
})

describe('missing system libraries', () => {
  const output = `
	linux-vdso.so.1 (0x00007ffd)
	libgtk-3.so.0 => not found
	libnss3.so => not found
	libnssutil3.so => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)`
  const run = async () => ({ code: 0, output, outOfTime: false })

  it('are read off the loader’s own answer', async () => {
    expect(await missingLibraries('electron', { run, platform: 'linux' })).toEqual([
      'libgtk-3.so.0',
      'libnss3.so',
      'libnssutil3.so',
    ])
  })

  it('become one line to type on Debian', () => {
    expect(libraryAdvice(['libgtk-3.so.0', 'libnss3.so', 'libnssutil3.so'], true)).toBe(
      'run: sudo apt-get install -y libgtk-3-0 libnss3',
    )
  })

  it('are named elsewhere', () => {
    expect(libraryAdvice(['libgtk-3.so.0'], false)).toContain('libgtk-3.so.0')
  })

  it('are not looked for where the loader has no such tool', async () => {
    const absent = async () => ({ code: -1, output: 'spawn ldd ENOENT', outOfTime: false })
    expect(await missingLibraries('electron', { run: absent, platform: 'linux' })).toEqual([])
  })
})

describe('the switches for Electron', () => {
  it('leave the sandbox out for root on Linux only', () => {
    expect(electronSwitches({ platform: 'linux', uid: 0 })).toEqual(['--no-sandbox'])
    expect(electronSwitches({ platform: 'linux', uid: 1000 })).toEqual([])
    expect(electronSwitches({ platform: 'darwin', uid: 0 })).toEqual([])
    expect(electronSwitches({ platform: 'win32', uid: undefined })).toEqual([])
  })
})
