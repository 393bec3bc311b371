import { expect, it } from 'vitest'
import { GantryError } from '../../../src/main/contract/error.ts'
import { routes } from '../../../src/main/contract/routes.ts'
import { controlHandlers } from '../../../src/main/plugins/printer3d/control.ts'
import type { Printers } from '../../../src/main/printers/index.ts'
import { callHandler, ownCall } from '../../fakes/handlers.ts'
import { createLogRecorder } from '../../fakes/log.ts'

it('stopping everything says of each printer why it was not stopped, by its reason and not by what stays inside', async () => {
  const { log, lines } = createLogRecorder()
  const printers: Pick<Printers, 'stopAll' | 'list'> = {
    list: () => [],
    stopAll: async () => ({
      stopped: ['a'],
      left: [],
      failed: [
        { id: 'b', error: new GantryError('wire.timeout', 'It did not answer.', { host: '10.0.0.9' }) },
        { id: 'c', error: new GantryError('printer.refused', 'It refused.', { said: 'E-17', code: 400 }) },
        { id: 'd', error: new GantryError('internal.bug', 'x is not a function') },
      ],
    }),
  }
  const stopAll = callHandler(
    controlHandlers({ printers: printers as Printers, log }),
    'POST printercontrol/stopall',
  )
  const answer = await stopAll.answer({}, ownCall)
  expect(answer).toEqual({
    stopped: ['a'],
    left: [],
    failed: [
      { id: 'b', errorMessage: 'It did not answer.', reason: 'wire.timeout' },
      { id: 'c', errorMessage: 'It refused.', reason: 'printer.refused', reasonParams: { said: 'E-17' } },
      { id: 'd', errorMessage: expect.stringContaining('log'), reason: 'internal.bug' },
    ],
  })
  expect(routes['POST printercontrol/stopall'].result.parse(answer)).toEqual(answer)
  expect(lines.map(({ fields }) => fields.error)).toMatchObject([{ message: 'x is not a function' }])
})
