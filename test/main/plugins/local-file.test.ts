import { expect, it } from 'vitest'
import { isLocal, localPathOf } from '../../../src/main/plugins/printer3d/local-file.ts'

const refusal = (uri: string) => {
  try {
    return localPathOf(uri)
  } catch (thrown) {
    return thrown
  }
}

it.runIf(process.platform !== 'win32').each([
  ['file:///prints/part.gcode', '/prints/part.gcode'],
  ['file:/prints/part.gcode', '/prints/part.gcode'],
  ['FILE:///prints/part.GCODE', '/prints/part.GCODE'],
  ['file:///prints/my%20part%20%231%3F%25.gcode', '/prints/my part #1?%.gcode'],
  ['file:///prints/W%C3%BCrfel.bgcode', '/prints/Würfel.bgcode'],
  ['file:///prints/..part...gcode', '/prints/..part...gcode'],
])('%s is a file of this machine', (uri, path) => {
  expect(isLocal(uri)).toBe(true)
  expect(localPathOf(uri)).toBe(path)
})

it.each([
  ['a host', 'file://server/share/part.gcode'],
  ['this machine as a host', 'file://localhost/part.gcode'],
  ['a host behind slashes', 'file:////server/share/part.gcode'],
  ['no path', 'file:part.gcode'],
  ['nothing', 'file:'],
  ['two dots', 'file:///prints/../etc/part.gcode'],
  ['one dot', 'file:///prints/./part.gcode'],
  ['two dots in disguise', 'file:///prints/%2e%2E/etc/part.gcode'],
  ['two dots half in disguise', 'file:///prints/.%2e/etc/part.gcode'],
  ['a slash in disguise', 'file:///prints%2Fpart.gcode'],
  ['a backslash', 'file:///prints\\..\\part.gcode'],
  ['a backslash in disguise', 'file:///prints%5cpart.gcode'],
  ['a zero', 'file:///etc/passwd%00.gcode'],
  ['a line break', 'file:///prints/a%0ab.gcode'],
  ['a letter in disguise', 'file:///prints/part.%67code'],
  ['a digit in disguise', 'file:///prints/%31.gcode'],
  ['a query', 'file:///etc/passwd?.gcode'],
  ['a fragment', 'file:///etc/passwd#.gcode'],
  ['half a letter', 'file:///prints/%C3.gcode'],
  ['a percent sign', 'file:///prints/100%.gcode'],
])('%s is none, and is refused by its text alone', (_, uri) => {
  expect(refusal(uri)).toMatchObject({
    code: 'request.invalid',
    message: expect.stringMatching(/by its full path/),
  })
})

it('only what can be printed may be named', () => {
  expect(refusal('file:///etc/passwd')).toMatchObject({ code: 'request.invalid' })
  expect(refusal('file:///prints/part.gcode.txt')).toMatchObject({ code: 'request.invalid' })
})

it.each(['printer:/part.gcode', 'part.gcode', 'profile:/part.gcode'])('%s is none of this machine', uri => {
  expect(isLocal(uri)).toBe(false)
})
