import { describe, expect, it } from 'vitest'
import { routes } from '../../../src/main/contract/routes.ts'
import { readParams } from '../../../src/main/handlers/read-params.ts'

/** Every parameter of a call that becomes a word to a printer. */
const words = [
  ['POST printercontrol/temperature', 'heater', { targetC: '20' }],
  ['POST printercontrol/macro', 'name', {}],
  ['POST printercontrol/gcode', 'line', {}],
  ['POST printercontrol/answer', 'promptId', { button: '0' }],
  ['POST printercontrol/start', 'path', {}],
  ['POST printerfiles/delete', 'path', {}],
  ['POST printerfiles/upload', 'name', { sizeBytes: '10' }],
  ['PUT 3dprinter/print', 'uri', {}],
  ['PUT 3dprinter/print', 'secureToken', {}],
  ['PUT 3dprinter/print', 'url', {}],
] as const

const invisible = ['\n', '\r', '\0', '\t', '\u001b', '\u007f', '\u0080', '\u009f', '\u2028', '\u2029']

describe('a word on its way to a printer', () => {
  it.each(words)(
    'of %s may not hold a control character, and the refusal names %s',
    (route, name, others) => {
      const read = (word: string) => readParams(routes[route], { ...others, [name]: word })
      expect(read('déjà vu 印刷.gcode')).toMatchObject({ [name]: 'déjà vu 印刷.gcode' })
      for (const odd of invisible) {
        for (const word of [`a${odd}M104 S290`, `M104 S290${odd}`, `${odd}a`]) {
          expect(() => read(word)).toThrowError(
            expect.objectContaining({
              code: 'request.invalid',
              message: expect.stringMatching(new RegExp(`parameter ${name} .*control character`)),
              details: { name },
            }),
          )
        }
      }
    },
  )

  it('may not hide one in the percent signs of a URI', () => {
    const read = (uri: string) => readParams(routes['PUT 3dprinter/print'], { uri })
    for (const odd of ['%0A', '%0d', '%00', '%7F', '%C2%85', '%E2%80%A8', '%E2%80%A9']) {
      expect(() => read(`printer:/a${odd}M104`)).toThrowError(/control character/)
      expect(() => read(`file:///tmp/a${odd}.gcode`)).toThrowError(/control character/)
    }
    expect(read('printer:/100%.gcode')).toMatchObject({ uri: 'printer:/100%.gcode' })
    expect(read('printer:/a%20b.gcode')).toMatchObject({ uri: 'printer:/a%20b.gcode' })
  })
})
