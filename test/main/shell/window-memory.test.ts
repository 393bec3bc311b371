import { EventEmitter } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createWindowMemory } from '../../../src/main/shell/window-memory.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { createLogRecorder } from '../../fakes/log.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gantry-memory-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

function setUp(file = join(dir, 'window.json')) {
  const clock = createFakeClock()
  const { log, lines } = createLogRecorder()
  const state = { x: 1, y: 2, width: 900, height: 600 }
  const window = Object.assign(new EventEmitter(), {
    getNormalBounds: () => ({ ...state }),
    isMaximized: () => false,
    isFullScreen: () => false,
    isDestroyed: () => false,
  })
  return { clock, lines, window, state, file, memory: createWindowMemory({ file, clock, log }) }
}

it('remembers where the window came to rest, not each step of the way', async () => {
  const { clock, window, state, memory } = setUp()
  memory.keep(window)
  for (state.x = 10; state.x < 20; state.x++) window.emit('move')
  expect(memory.read()).toBeUndefined()
  await clock.advance(1_000)
  expect(memory.read()?.bounds.x).toBe(20)
})

it('writes once more at the end, and nothing after it', async () => {
  const { clock, window, state, memory } = setUp()
  const stop = memory.keep(window)
  window.emit('resize')
  state.width = 1234
  stop()
  expect(memory.read()?.bounds.width).toBe(1234)
  expect(clock.waiting()).toEqual([])
})

it.each(['', '{', '[]', '{"bounds":1}'])('starts afresh from a file it cannot read: %j', content => {
  const { memory, file } = setUp()
  writeFileSync(file, content)
  expect(memory.read()).toBeUndefined()
  expect(readFileSync(file, 'utf8')).toBe(content)
})

it('goes on without a memory when the folder cannot be written', () => {
  writeFileSync(join(dir, 'a file'), '')
  const { memory, window, lines } = setUp(join(dir, 'a file', 'window.json'))
  memory.keep(window)()
  expect(lines).toMatchObject([{ level: 'warn' }])
})
