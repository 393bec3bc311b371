import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { discardFile, fetchFile } from '../../../src/main/contents/fetch-file.ts'
import { safeFileName } from '../../../src/main/contents/file-name.ts'
import { createLock } from '../../../src/main/contents/sealed.ts'
import type { WireReply } from '../../../src/main/contents/wire.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

function replyOf(pieces: readonly string[], fault?: Error): WireReply & { closed(): boolean } {
  let isClosed = false
  return {
    status: 200,
    sizeBytes: undefined,
    async *pieces() {
      for (const piece of pieces) yield Buffer.from(piece)
      if (fault) throw fault
    },
    close() {
      isClosed = true
    },
    closed: () => isClosed,
  }
}

it('what comes is written piece by piece, told as it grows, and discarded when it is done with', async () => {
  const dir = join(makeTempDir(), 'contents')
  const told: number[] = []
  const path = await fetchFile({ reply: replyOf(['G28\n', 'M84\n']), dir, id: 'a', sizeBytes: 8 }, bytes =>
    told.push(bytes),
  )
  expect(readFileSync(path, 'utf8')).toBe('G28\nM84\n')
  expect(told).toEqual([4, 8])
  await discardFile(dir, 'a')
  expect(readdirSync(dir)).toEqual([])
})

it('a disk without space is said before the first byte, and when it fills up on the way', async () => {
  const dir = makeTempDir()
  const early = replyOf(['G28\n'])
  const full = { code: 'data.full', message: expect.stringMatching(/no space for this file/) }
  await expect(
    fetchFile(
      { reply: early, dir, id: 'a', sizeBytes: 4 },
      () => {},
      async () => 3,
    ),
  ).rejects.toMatchObject(full)
  expect(early.closed()).toBe(true)
  expect(readdirSync(dir)).toEqual([])
  const fault = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  await expect(
    fetchFile({ reply: replyOf(['G2'], fault), dir, id: 'b', sizeBytes: 4 }, () => {}),
  ).rejects.toMatchObject(full)
})

it('whatever a name from outside is, what is made of it stays in its folder', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('.gcode', '.G', '/..gco', '.bgcode '),
      (name, ending) => {
        let safe: string
        try {
          safe = safeFileName(name + ending)
        } catch {
          return
        }
        expect(safe).toMatch(/^[^./\\<>:"|?*][^/\\<>:"|?*]*\.(?:gcode|gco|g|bgcode)$/u)
        expect(safe.length).toBeLessThanOrEqual(130)
        expect(join('/contents', safe)).toBe(`/contents/${safe}`)
      },
    ),
  )
})

it('whatever comes instead of something sealed opens nothing', () => {
  const lock = createLock()
  const parts = fc.array(fc.base64String(), { maxLength: 4 }).map(list => list.join('.'))
  fc.assert(
    fc.property(fc.oneof(fc.string(), parts), text => {
      expect(lock.open(text, 'a login')).toBeUndefined()
    }),
  )
})
