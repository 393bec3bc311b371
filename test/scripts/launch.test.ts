import { describe, expect, it } from 'vitest'
import { withoutNoise } from '../../scripts/bootstrap/launch.mjs'

const bus = '[20181:1121/154235.029013:ERROR:bus.cc(407)] Failed to connect to the bus: no such file'
const proxy = '[1:1121/154235.486786:ERROR:object_proxy.cc(576)] Failed to call method: org.freedesktop.DBus'
const notify = '(electron:20181): libnotify-WARNING **: 15:42:35.292: Failed to connect to proxy'
const fatal = '[1:1121/154257.760709:FATAL:electron_browser_main_parts.cc(504)] Failed to shutdown.'

/** What comes through when the text arrives in pieces of this size. */
function hear(text: string, size: number): string {
  let heard = ''
  const said = withoutNoise(part => {
    heard += part
  })
  for (let at = 0; at < text.length; at += size) said.take(text.slice(at, at + size))
  said.end()
  return heard
}

describe('what Electron writes while Gantry runs from source', () => {
  it.each([1, 7, 10_000])('loses its complaints about D-Bus, in pieces of %i', size => {
    const ours = 'gantry: a sentence about bus.cc(407)\n'
    expect(hear(`${bus}\n${ours}${proxy}\n${fatal}\n${bus}`, size)).toBe(`${ours}${fatal}\n`)
  })

  it('loses the empty lines before them, and no others', () => {
    expect(hear(`one\n\n${notify}\n\n\n${notify}\n\ntwo\n\n`, 5)).toBe('one\n\ntwo\n\n')
  })

  it('keeps a last line without its end', () => {
    expect(hear('one\ntwo', 3)).toBe('one\ntwo')
    expect(hear('', 1)).toBe('')
  })
})
