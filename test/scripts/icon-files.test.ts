import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { icnsOf, icoOf, pictureSizes } from '../../scripts/packaging/icon-files.mjs'

const resources = resolve(import.meta.dirname, '../../resources')
const pictures = new Map(
  pictureSizes.map(size => [size, readFileSync(resolve(resources, `icons/${size}x${size}.png`))]),
)

describe('the icons', () => {
  it('of Windows and macOS are made of the pictures that lie beside them', () => {
    expect(readFileSync(resolve(resources, 'icon.ico')).equals(icoOf(pictures))).toBe(true)
    expect(readFileSync(resolve(resources, 'icon.icns')).equals(icnsOf(pictures))).toBe(true)
  })

  it('have the width their name says', () => {
    for (const [size, picture] of pictures) expect(picture.readUInt32BE(16)).toBe(size)
  })

  it('for Windows say where each picture starts', () => {
    const ico = icoOf(pictures)
    for (let entry = 0; entry < ico.readUInt16LE(4); entry += 1) {
      const at = ico.readUInt32LE(6 + entry * 16 + 12)
      expect(ico.toString('latin1', at + 1, at + 4)).toBe('PNG')
    }
  })

  it('cannot be made when a picture is missing', () => {
    expect(() => icoOf(new Map())).toThrow('no picture of 16 pixels')
  })
})
