import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { recoverPage } from '../../../src/main/shell/page-recovery.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createFakeContents } from '../../fakes/electron.ts'
import { createLogRecorder } from '../../fakes/log.ts'

function setUp() {
  const clock = createFakeClock()
  const webContents = createFakeContents(1)
  let isGone = false
  const window = Object.assign(new EventEmitter(), { webContents, isDestroyed: () => isGone })
  recoverPage(window, { url: 'app://gantry/index.html', clock, log: createLogRecorder().log })
  const crash = (reason = 'crashed') =>
    webContents.emit('render-process-gone', {}, { reason, exitCode: reason === 'clean-exit' ? 0 : 133 })
  return { clock, window, webContents, crash, close: () => (isGone = true) }
}

describe('a page that went away', () => {
  it.each(['crashed', 'killed', 'oom', 'launch-failed', 'abnormal-exit'])(
    'is loaded again when it %s',
    async reason => {
      const { clock, webContents, crash } = setUp()
      crash(reason)
      expect(webContents.reloads).toBe(0)
      await clock.advance(500)
      expect(webContents.reloads).toBe(1)
    },
  )

  it('is loaded again ever more slowly while it keeps crashing, and quickly after a good while', async () => {
    const { clock, webContents, crash } = setUp()
    const waits: number[] = []
    const wait = async () => {
      crash()
      const before = webContents.reloads
      let waitedMs = 0
      for (; webContents.reloads === before; waitedMs += 250) await clock.advance(250)
      waits.push(waitedMs)
    }
    for (let time = 0; time < 9; time++) await wait()
    await clock.advance(120_000)
    await wait()
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 500])
  })

  it('is left alone when it ended as it should, or its window is gone', async () => {
    const { clock, webContents, crash, close } = setUp()
    crash('clean-exit')
    await clock.advance(60_000)
    crash()
    close()
    await clock.advance(60_000)
    expect(webContents.reloads).toBe(0)
  })
})

it('a page that left for another address is led back, and one that moved within its own is left alone', () => {
  const { webContents } = setUp()
  webContents.emit('did-navigate', {}, 'app://gantry/index.html')
  expect(webContents.loaded).toEqual([])
  webContents.emit('did-navigate', {}, 'about:blank')
  expect(webContents.loaded).toEqual(['app://gantry/index.html'])
})

describe('a page that does not respond', () => {
  it('is ended when it stays so, which loads it again', async () => {
    const { clock, window, webContents } = setUp()
    window.emit('unresponsive')
    await clock.advance(14_000)
    expect(webContents.crashes).toBe(0)
    await clock.advance(1_000)
    expect(webContents.crashes).toBe(1)
  })

  it('is left alone when it comes back by itself', async () => {
    const { clock, window, webContents } = setUp()
    window.emit('unresponsive')
    await clock.advance(14_000)
    window.emit('responsive')
    await clock.advance(60_000)
    expect(webContents.crashes).toBe(0)
  })
})
