import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { QuitVeto } from '../../../src/main/engine/index.ts'
import { createQuit } from '../../../src/main/shell/quit.ts'
import { shellWords } from '../../../src/main/shell/words.ts'
import { createFakePerson } from '../../fakes/electron.ts'
import { createLogRecorder } from '../../fakes/log.ts'

const keepRunning = 0
const quitAnyway = 1
const printing: QuitVeto = { room: 'printers', reason: 'Bench 1 prints over its cable until 14:40.' }

function setUp(veto: QuitVeto | undefined, presses: number[] = [], stop = async () => {}) {
  const exits: number[] = []
  const app = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) })
  const person = createFakePerson(...presses)
  const { log } = createLogRecorder()
  const quit = createQuit({ app, dialog: person, log, words: () => shellWords.de, veto: () => veto, stop })
  const tryToQuit = async () => {
    let isHeld = false
    app.emit('before-quit', { preventDefault: () => (isHeld = true) })
    await new Promise(resolve => setImmediate(resolve))
    return isHeld
  }
  return { quit, exits, person, tryToQuit }
}

describe('quitting', () => {
  it('stops the engine first and asks nothing when no room objects', async () => {
    const order: string[] = []
    const { exits, person, tryToQuit } = setUp(undefined, [], async () => void order.push('stopped'))
    expect(await tryToQuit()).toBe(true)
    expect([order, exits, person.questions]).toEqual([['stopped'], [0], []])
  })

  it('asks in the words of the room that objects, and goes on when the person stays', async () => {
    const { quit, exits, person, tryToQuit } = setUp(printing, [keepRunning])
    await tryToQuit()
    expect(person.questions).toMatchObject([{ detail: printing.reason }])
    expect([exits, quit.isLeaving()]).toEqual([[], false])
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
    const { exits, person, tryToQuit } = setUp(printing, [keepRunning, quitAnyway])
    await tryToQuit()
    await tryToQuit()
    expect([person.questions.length, exits]).toEqual([2, [0]])
  })

  it('asks once however often the person presses, and stops once', async () => {
    let stops = 0
    const { person, exits, tryToQuit } = setUp(printing, [quitAnyway], async () => {
      stops += 1
    })
    await Promise.all([tryToQuit(), tryToQuit(), tryToQuit()])
    await tryToQuit()
    expect([person.questions.length, stops, exits]).toEqual([1, 1, [0]])
  })

  it('still leaves when the engine does not stop cleanly, with another code', async () => {
    const { exits, tryToQuit } = setUp(undefined, [], () => Promise.reject(new Error('stuck')))
    await tryToQuit()
    expect(exits).toEqual([1])
  })
})
