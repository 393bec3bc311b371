import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packagedExecutable } from '../../../scripts/packaging/package-app.mjs'
import { openPackagedApp, type PackagedApp, runPackagedHeadless } from './packaged-app.ts'

const root = resolve(import.meta.dirname, '../../..')
const executable = packagedExecutable(root)

describe('the packaged app', () => {
  let app: PackagedApp
  const trap = join(tmpdir(), `gantry-trap-${process.pid}.cjs`)
  const sprung = `${trap}.sprung`

  beforeAll(async () => {
    writeFileSync(trap, `require('node:fs').writeFileSync(${JSON.stringify(sprung)}, '')`)
    // All three would hand the app to whoever starts it; it must open its window as if nothing was said.
    app = await openPackagedApp(executable, {
      env: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: `--require=${trap}` },
      args: ['--inspect=0', '--demo'],
      plugins: join(root, 'examples/plugins'),
    })
  })
  afterAll(() => app?.close())

  it('opens its window with the way around Gantry', async () => {
    await app.window.getByRole('navigation').first().waitFor()
    expect(await app.window.title()).toContain('Gantry')
    expect(app.window.url()).toMatch(/^app:\/\/gantry\//)
  })

  it('answers its page over the bridge', async () => {
    const answer = await app.window.evaluate("window.gantry.call('GET availability', {})")
    expect(answer).toMatchObject({ result: 0 })
  })

  it('runs third-party plug-ins in processes of their own, though it cannot run as Node', async () => {
    await expect
      .poll(() => app.window.evaluate("window.gantry.call('GET plugins', {})"), { timeout: 20_000 })
      .toMatchObject({
        plugins: expect.arrayContaining([
          expect.objectContaining({
            id: 'clock',
            state: 'running',
            restarts: 0,
            services: [expect.objectContaining({ id: 'clock.clock', online: true })],
          }),
        ]),
      })
  })

  it('opens a serial line in the process made for it', async () => {
    const list = "window.gantry.call('GET printers/list', { serviceId: 'room.printer3d' })"
    await expect
      .poll(() => app.window.evaluate(list), { timeout: 30_000 })
      .toMatchObject({
        printers: expect.arrayContaining([
          expect.objectContaining({
            driver: 'marlin',
            snapshot: expect.objectContaining({ label: 'idle' }),
          }),
        ]),
      })
    expect(readFileSync(join(app.home, 'data/gantry.log'), 'utf8')).not.toContain('USB prints share')
  })

  it('ignores ELECTRON_RUN_AS_NODE, NODE_OPTIONS and --inspect', () => {
    expect(existsSync(sprung)).toBe(false)
    expect(app.said()).not.toContain('Debugger listening')
    expect(app.said()).toContain('DevTools listening')
  })
})

it('the packaged app runs without a window and without a display, and stops cleanly', async () => {
  expect(await runPackagedHeadless(executable)).toMatchObject({ status: 200, code: 0 })
})

describe('the fuses of the packaged app', () => {
  it.each([
    ['RunAsNode', false],
    ['EnableCookieEncryption', true],
    ['EnableNodeOptionsEnvironmentVariable', false],
    ['EnableNodeCliInspectArguments', false],
    ['EnableEmbeddedAsarIntegrityValidation', true],
    ['OnlyLoadAppFromAsar', true],
    ['LoadBrowserProcessSpecificV8Snapshot', false],
    ['GrantFileProtocolExtraPrivileges', false],
  ] as const)('%s is %s', async (name, isOn) => {
    const wire = await getCurrentFuseWire(executable)
    expect(wire[FuseV1Options[name]]).toBe(isOn ? FuseState.ENABLE : FuseState.DISABLE)
  })
})
