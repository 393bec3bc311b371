import { afterEach, describe, expect, it } from 'vitest'
import { finding } from '../../../src/main/contract/doctor.ts'
import { linkReason } from '../../../src/main/contract/link-reason.ts'
import { inWords } from '../../../src/main/discovery/doctor-words.ts'
import { type Language, speak } from '../../../src/renderer/i18n/index.ts'
import { linkText } from '../../../src/renderer/parts/link-text.ts'
import { findingHelp, findingText } from '../../../src/renderer/screens/add-printer/finding-text.ts'

const params = {
  interfaces: 'eth0 10.0.0.2',
  count: '3',
  title: 'Bench',
  make: 'UltiMaker',
  address: '10.0.0.9',
  host: '10.0.0.7',
  port: '80',
  ports: '/dev/ttyUSB0',
  group: 'dialout',
  holder: 'PrusaSlicer',
}
const languages: readonly Language[] = ['en', 'de', 'ja']
const all = finding.shape.code.options.map(code =>
  inWords({
    code,
    level: 'bad',
    params,
    ...(['port-closed', 'http-failed', 'line-down'].includes(code) && { reason: 'refused' as const }),
    ...(['http', 'not-printer'].includes(code) && {
      why: { code: 'usb-modem' as const, params: { port: 'COM3', what: 'Quectel' } },
    }),
  }),
)

afterEach(() => speak('en'))

describe('the doctor on the screen', () => {
  it.each(languages)('words every finding and what to do in %s', language => {
    speak(language)
    const said = all.map(each => [findingText(each), findingHelp(each) ?? ''])
    for (const [text = '', todo = ''] of said) {
      expect(text).not.toBe('')
      expect(`${text}${todo}`).not.toMatch(/[{}]|finding|linkReason|undefined/)
    }
    expect(new Set(said.map(([text]) => text)).size).toBe(all.length)
  })

  it('says as much on the screen as in the report', () => {
    for (const each of all)
      expect([each.code, findingHelp(each) !== undefined]).toEqual([each.code, each.todo !== undefined])
  })

  it.each(languages)('words every reason of a line in %s', language => {
    speak(language)
    const said = linkReason.options.map(cause =>
      linkText({ state: 'offline', since: 0, cause, text: 'English' }),
    )
    for (const text of said) expect(text).not.toMatch(/English|linkReason|linkTodo/)
    expect(new Set(said).size).toBe(linkReason.options.length)
    expect(linkText({ state: 'offline', since: 0, text: 'English' })).toBe('English')
    expect(linkText({ state: 'connecting', since: 0 })).toBe('')
  })
})
