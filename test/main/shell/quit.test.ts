import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { QuitVeto } from '../../../src/main/engine/index.ts'
import { askBeforeQuit } from '../../../src/main/shell/quit.ts'
import { shellWords } from '../../../src/main/shell/words.ts'
import { createFakePerson } from '../../fakes/electron.ts'
import { createLogRecorder } from '../../fakes/log.ts'

const keepRunning = 0
const quitAnyway = 1
const printing: QuitVeto = { room: 'printers', reason: 'Bench 1 prints over its cable until 14:40.' }

function setUp(veto: QuitVeto | undefined, presses: number[] = []) {
  let left = 0
  const app = new EventEmitter()
  const person = createFakePerson(...presses)
  const { log } = createLogRecorder()
  const wayOut = {
    isLeaving: () => left > 0,
    async leave() {
      left += 1
    },
  }
  askBeforeQuit({ app, dialog: person, log, words: () => shellWords.de, veto: () => veto, wayOut })
  const tryToQuit = async () => {
    let isHeld = false
    app.emit('before-quit', { preventDefault: () => (isHeld = true) })
    await new Promise(resolve => setImmediate(resolve))
    return isHeld
  }
  return { left: () => left, person, tryToQuit }
}

describe('quitting', () => {
  it('takes the way out, never Electron’s own, and asks nothing when no room objects', async () => {
    const { left, person, tryToQuit } = setUp(undefined)
    expect(await tryToQuit()).toBe(true)
    expect([left(), person.questions]).toEqual([1, []])
  })

  it('asks in the words of the room that objects, and goes on when the person stays', async () => {
    const { left, person, tryToQuit } = setUp(printing, [keepRunning])
    expect(await tryToQuit()).toBe(true)
    expect(person.questions).toMatchObject([{ detail: printing.reason }])
    expect(left()).toBe(0)
  })

  it('names the printers in the language of the window', async () => {
    const { person, tryToQuit } = setUp({ ...printing, printers: ['Ender $& left', 'Mendel'] }, [keepRunning])
    await tryToQuit()
    expect(person.questions).toMatchObject([
      {
        message: 'Gantry jetzt beenden?',
        detail: 'Ender $& left, Mendel: Der Druck wird von diesem Rechner gespeist und ginge verloren.',
        buttons: ['Weiterlaufen lassen', 'Trotzdem beenden'],
      },
    ])
  })

  it('asks again the next time, and leaves when the person insists', async () => {
    const { left, person, tryToQuit } = setUp(printing, [keepRunning, quitAnyway])
    await tryToQuit()
    await tryToQuit()
    expect([person.questions.length, left()]).toEqual([2, 1])
  })

  it('asks once however often the person presses, and nothing on the way out', async () => {
    const { person, left, tryToQuit } = setUp(printing, [quitAnyway])
    await Promise.all([tryToQuit(), tryToQuit(), tryToQuit()])
    expect(await tryToQuit()).toBe(true)
    expect([person.questions.length, left()]).toEqual([1, 1])
  })
})
