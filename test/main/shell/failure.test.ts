import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { failStart } from '../../../src/main/shell/failure.ts'

function setUp({ hasWindow = true, isPressed = true } = {}) {
  const exits: number[] = []
  const told: string[] = []
  const printed: string[] = []
  const source = new EventEmitter()
  const tools = {
    app: {
      whenReady: async () => {},
      getLocale: () => 'de-AT',
      exit: (code: number) => void exits.push(code),
    },
    dialog: {
      showMessageBox: ({ detail }: { detail: string }) => {
        told.push(detail)
        return isPressed ? Promise.resolve() : new Promise<void>(() => {})
      },
    },
    source,
    hasWindow,
    print: (sentence: string) => void printed.push(sentence),
  }
  return { tools, exits, told, printed, source }
}

const taken = new GantryError('port.taken', 'Port 4035 is held by another program.')

describe('a start that fails', () => {
  it('is told once in the dialog and once in the terminal, and ends with 1', async () => {
    const { tools, exits, told, printed } = setUp()
    await failStart(taken, tools)
    expect({ exits, told, printed }).toEqual({
      exits: [1],
      told: [taken.message],
      printed: [`gantry: ${taken.message}`],
    })
  })

  it('waits for no dialog where nobody could see one', async () => {
    const { tools, exits, told } = setUp({ hasWindow: false })
    await failStart(taken, tools)
    expect({ exits, told }).toEqual({ exits: [1], told: [] })
  })

  it('ends by a signal while its dialog stands', async () => {
    const { tools, exits, source } = setUp({ isPressed: false })
    void failStart(taken, tools)
    source.emit('SIGINT')
    expect(exits).toEqual([1])
  })

  it('tells a mistake of ours in a sentence, without its stack', async () => {
    const { tools, told } = setUp()
    await failStart(new TypeError('x is not a function\n    at y'), tools)
    expect(told[0]).toBe(
      'Something inside Gantry went wrong (x is not a function). Start it again; if it stays so, report it.',
    )
  })

  it('that a signal called off is no failure', async () => {
    const { tools, exits, printed } = setUp()
    await failStart(new GantryError('cancelled', 'Stopped.'), tools)
    expect({ exits, printed }).toEqual({ exits: [], printed: [] })
  })
})
