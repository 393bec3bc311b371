import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createFiles } from '../../../src/main/files/index.ts'
import { contentOf, fillUpload } from '../../fakes/bytes.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

const owner = 'http://a.example.test'

async function open(dir = join(makeTempDir(), 'uploads')) {
  const clock = createFakeClock()
  let count = 0
  const files = createFiles({ clock, dir, uuid: () => `id-${++count}` })
  await files.start()
  return { clock, files, uploads: files.uploads, dir }
}

/** Brings some bytes and then breaks off. */
const breaking = (text: string) =>
  Readable.from(
    (async function* () {
      yield Buffer.from(text)
      throw new Error('the line broke')
    })(),
  )

describe('An upload', () => {
  it('is whole when its last byte came, and lies where it says', async () => {
    const { uploads } = await open()
    const { id } = await uploads.begin(owner, { name: 'a.gcode', sizeBytes: 6 })
    await fillUpload(uploads, owner, id, 'abc')
    expect(uploads.find(owner, id)).toMatchObject({ receivedBytes: 3, sizeBytes: 6 })
    await fillUpload(uploads, owner, id, 'def')
    const { path, receivedBytes } = uploads.find(owner, id)
    expect([receivedBytes, readFileSync(path, 'utf8')]).toEqual([6, 'abcdef'])
    expect(String(await contentOf(uploads.bytes(owner, id)))).toBe('abcdef')
  })

  it('keeps what arrived before its line broke, and goes on from there', async () => {
    const { uploads } = await open()
    const { id } = await uploads.begin(owner, { name: 'a.gcode', sizeBytes: 6 })
    await expect(uploads.bytes(owner, id).append?.(breaking('abcd'))).rejects.toThrow('the line broke')
    const { receivedBytes } = uploads.find(owner, id)
    expect(receivedBytes).toBeLessThanOrEqual(4)
    await fillUpload(uploads, owner, id, 'abcdef'.slice(receivedBytes))
    expect(readFileSync(uploads.find(owner, id).path, 'utf8')).toBe('abcdef')
  })

  it('takes not one byte more than it was announced with', async () => {
    const { uploads } = await open()
    const { id } = await uploads.begin(owner, { name: 'a.gcode', sizeBytes: 3 })
    const surplus = uploads.bytes(owner, id).append?.(Readable.from([Buffer.from('abc'), Buffer.from('d')]))
    await expect(surplus).rejects.toMatchObject({ code: 'bytes.too-many' })
    expect(uploads.find(owner, id).receivedBytes).toBeLessThanOrEqual(3)
  })

  it('that cannot be removed when its time is over is left for the next start, and ends nothing', async () => {
    const { clock, uploads } = await open()
    const { id, path } = await uploads.begin(owner, { name: 'a.gcode', sizeBytes: 3 })
    rmSync(path)
    mkdirSync(path)
    const unheard: unknown[] = []
    const hear = (thrown: unknown) => unheard.push(thrown)
    process.on('unhandledRejection', hear)
    await clock.advance(3_600_000)
    await new Promise(resolve => setImmediate(resolve))
    process.off('unhandledRejection', hear)
    expect(unheard).toEqual([])
    expect(() => uploads.find(owner, id)).toThrow('not known')
  })

  it('is not there for anybody else', async () => {
    const { uploads } = await open()
    const { id } = await uploads.begin(owner, { name: 'a.gcode', sizeBytes: 3 })
    expect(() => uploads.find('http://b.example.test', id)).toThrow('not known')
    expect(() => uploads.bytes('http://b.example.test', id)).toThrow('not known')
  })

  it('lives an hour after its last byte, then nothing of it stays', async () => {
    const { uploads, clock, dir } = await open()
    const { id } = await uploads.begin(owner, { name: 'a.gcode', sizeBytes: 3 })
    await clock.advance(3_000_000)
    await fillUpload(uploads, owner, id, 'a')
    await clock.advance(3_599_000)
    expect(uploads.find(owner, id).receivedBytes).toBe(1)
    await clock.advance(1_000)
    expect(() => uploads.find(owner, id)).toThrow('not known')
    await expect.poll(() => readdirSync(dir)).toEqual([])
    expect(clock.waiting()).toEqual([])
  })

  it('is one of twenty at most', async () => {
    const { uploads } = await open()
    for (let i = 0; i < 20; i++) await uploads.begin(owner, { name: 'a.gcode', sizeBytes: 1 })
    await expect(uploads.begin(owner, { name: 'a.gcode', sizeBytes: 1 })).rejects.toThrow('Too many')
    await uploads.remove('id-1')
    await uploads.begin(owner, { name: 'a.gcode', sizeBytes: 1 })
  })

  it('that an earlier Gantry left in the middle is swept at the start; what is not ours stays', async () => {
    const dir = join(makeTempDir(), 'uploads')
    mkdirSync(dir)
    writeFileSync(join(dir, 'old.part'), 'half')
    writeFileSync(join(dir, 'note.txt'), 'mine')
    await open(dir)
    expect(readdirSync(dir)).toEqual(['note.txt'])
  })

  it('goes when Gantry ends', async () => {
    const { uploads, files, clock } = await open()
    const { path } = await uploads.begin(owner, { name: 'a.gcode', sizeBytes: 1 })
    await files.stop()
    expect(existsSync(path)).toBe(false)
    expect(clock.waiting()).toEqual([])
  })
})
