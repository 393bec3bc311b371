import { describe, expect, it } from 'vitest'
import { createTroubleTeller } from '../../../src/main/shell/failure.ts'
import { shellWords } from '../../../src/main/shell/words.ts'

function setUp({ hasWindow = true, isPressed = true } = {}) {
  const shown: { message: string; detail: string }[] = []
  const order: string[] = []
  const tell = createTroubleTeller({
    app: {
      whenReady: async () => {},
      getLocale: () => 'de-AT',
      releaseSingleInstanceLock: () => void order.push('let the next start in'),
    },
    dialog: {
      showMessageBox({ message, detail }) {
        shown.push({ message, detail })
        order.push('dialog')
        return isPressed ? Promise.resolve() : new Promise<void>(() => {})
      },
    },
    hasWindow: () => hasWindow,
    complain: sentence => void order.push(`terminal: ${sentence}`),
  })
  return { tell, shown, order }
}

const sentence = 'Port 4035 is held by another program.'

describe('trouble', () => {
  it('that keeps Gantry from starting is told once in the terminal and once in a dialog', async () => {
    const { tell, shown, order } = setUp()
    await tell('start', sentence)
    expect(order).toEqual([`terminal: ${sentence}`, 'let the next start in', 'dialog'])
    expect(shown).toEqual([{ message: 'Gantry kann nicht starten', detail: sentence }])
  })

  it('that stops Gantry is told in the language of the person, with what becomes of prints', async () => {
    const { tell, shown } = setUp()
    await tell('mistake', 'Something inside Gantry went wrong (x). It stops.')
    const { mustStop, mustStopText } = shellWords.de
    expect(shown).toEqual([{ message: mustStop, detail: mustStopText }])
  })

  it('waits for no dialog where nobody could see one', async () => {
    const { tell, order } = setUp({ hasWindow: false })
    await tell('start', sentence)
    expect(order).toEqual([`terminal: ${sentence}`])
  })

  it('is not read before its button is pressed', async () => {
    const { tell } = setUp({ isPressed: false })
    let isRead = false
    void tell('start', sentence).then(() => {
      isRead = true
    })
    await new Promise(resolve => setImmediate(resolve))
    expect(isRead).toBe(false)
  })
})
