import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createLineSplitter,
  looksLikeNoise,
} from '../../../../../../src/main/printers/drivers/marlin/wire/frame.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('lines out of a serial stream', () => {
  it('come out whole when several are glued in one chunk', () => {
    expect(createLineSplitter().push(bytes('ok\nT:20.0 /0.0\r\nok\n'))).toEqual(['ok', 'T:20.0 /0.0', 'ok'])
  })

  it('wait for their second half', () => {
    const splitter = createLineSplitter()
    expect(splitter.push(bytes('o'))).toEqual([])
    expect(splitter.push(bytes('k T:2'))).toEqual([])
    expect(splitter.rest()).toBe('ok T:2')
    expect(splitter.push(bytes('4.5\nok'))).toEqual(['ok T:24.5'])
    expect(splitter.push(bytes('\n'))).toEqual(['ok'])
  })

  it('are kept from the noise of a board that wakes up before them', () => {
    expect(
      createLineSplitter().push(Buffer.from([0xfe, 0x00, 0xf8, 0x0a, 0x73, 0x74, 0x61, 0x72, 0x74, 0x0a])),
    ).toEqual(['\u00fe\u00f8', 'start'])
  })

  it('lose their NULs and nothing else', () => {
    expect(createLineSplitter().push(bytes('o\0k\0\n'))).toEqual(['ok'])
  })

  it('are read as UTF-8 and, where that makes no sense, as Latin-1', () => {
    const splitter = createLineSplitter()
    expect(splitter.push(Buffer.from('echo:20 °C\n', 'utf8'))).toEqual(['echo:20 °C'])
    expect(splitter.push(bytes('echo:20 \u00b0C\n'))).toEqual(['echo:20 °C'])
  })

  it('are dropped whole when they never end, and the next one is heard again', () => {
    const splitter = createLineSplitter()
    for (let part = 0; part < 100; part++) expect(splitter.push(bytes('x'.repeat(100)))).toEqual([])
    expect(splitter.push(bytes('xx\nok\n'))).toEqual(['ok'])
    expect(splitter.overlong).toBe(1)
    expect(splitter.push(bytes(`${'y'.repeat(5000)}\nok\n`))).toEqual(['ok'])
    expect(splitter.overlong).toBe(2)
  })

  it('are the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ -~]{0,40}$/)), fc.array(fc.nat(30)), (lines, cuts) => {
        const whole = bytes(lines.map(line => `${line}\n`).join(''))
        const splitter = createLineSplitter()
        const heard: string[] = []
        let at = 0
        for (const cut of [...cuts, whole.length]) {
          heard.push(...splitter.push(whole.subarray(at, at + cut)))
          at += cut
        }
        expect(heard).toEqual(lines)
      }),
    )
  })

  it('never throw on rubbish and never come out with a NUL or a line end in them', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), chunks => {
        const splitter = createLineSplitter()
        for (const line of chunks.flatMap(chunk => splitter.push(chunk))) expect(line).not.toMatch(/[\0\n]/)
      }),
    )
  })
})

describe('noise', () => {
  it.each([
    ['start', false],
    ['ok T:24.5 /0.0', false],
    ['', false],
    ['echo:20 °C', false],
    ['\u00fe\u00e0x\u0080', true],
    ['\u0001\u0002\u0003', true],
  ])('%j is %s', (text, noise) => {
    expect(looksLikeNoise(text)).toBe(noise)
  })
})
