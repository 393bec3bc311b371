import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { plainFile, readSame } from '../../../../src/main/printers/wire/print-file.ts'
import { makeTempDir } from '../../../fakes/temp-dir.ts'

let dir: string
let path: string
const at = (name: string) => join(dir, name)
const refusal = (named: string) => plainFile(named).then(String, ({ code, message }) => ({ code, message }))

beforeEach(() => {
  dir = makeTempDir()
  path = at('part.gcode')
  writeFileSync(path, 'G28\n')
})

describe('a file of this machine that somebody else names', () => {
  it('is printed as it lies there', async () => {
    const file = await plainFile(path)
    expect(file).toMatchObject({ name: 'part.gcode', path, sizeBytes: 4 })
    // Each time a stream of its own: a line that broke may ask anew.
    for (let times = 0; times < 2; times += 1) expect(await text(file.open())).toBe('G28\n')
  })

  const others: readonly [string, () => string | Promise<string>][] = [
    ['is not there', () => at('none.gcode')],
    ['lies in a folder that is not there', () => at('none/part.gcode')],
    ['lies “in” a file', () => at('part.gcode/part.gcode')],
    [
      'is a folder',
      () => {
        mkdirSync(at('folder.gcode'))
        return at('folder.gcode')
      },
    ],
    [
      'is a link',
      () => {
        symlinkSync(path, at('link.gcode'))
        return at('link.gcode')
      },
    ],
    [
      'is a link to nothing',
      () => {
        symlinkSync(at('none.gcode'), at('link.gcode'))
        return at('link.gcode')
      },
    ],
    [
      'lies behind a link',
      () => {
        mkdirSync(at('folder'))
        renameSync(path, at('folder/part.gcode'))
        symlinkSync(at('folder'), at('link'))
        return at('link/part.gcode')
      },
    ],
    [
      'lies far behind a link',
      () => {
        mkdirSync(at('folder/inner'), { recursive: true })
        renameSync(path, at('folder/inner/part.gcode'))
        symlinkSync(at('folder'), at('link'))
        return at('link/inner/part.gcode')
      },
    ],
    [
      'is a pipe',
      () => {
        execFileSync('mkfifo', [at('pipe.gcode')])
        return at('pipe.gcode')
      },
    ],
    [
      'is a socket',
      async () => {
        const server = createServer().listen(at('socket.gcode'))
        onTestFinished(async () => {
          server.close()
          await once(server, 'close')
        })
        await once(server, 'listening')
        return at('socket.gcode')
      },
    ],
  ]
  it.runIf(process.platform !== 'win32').each(others)(
    'that %s is refused, with one and the same sentence',
    async (_, make) => {
      expect(await refusal(await make())).toEqual({
        code: 'file.unreadable',
        message: expect.stringMatching(/^Gantry prints plain files of this machine only, .* without links/),
      })
    },
  )

  it('that was exchanged after it was looked at is not read: neither another file nor a link to the same', async () => {
    const file = await plainFile(path)
    renameSync(path, at('moved.gcode'))
    writeFileSync(path, 'secret\n')
    await expect(text(file.open())).rejects.toMatchObject({ code: 'file.unreadable' })
    rmSync(path)
    symlinkSync(at('moved.gcode'), path)
    await expect(text(file.open())).rejects.toMatchObject({ code: 'ELOOP' })
    rmSync(path)
    renameSync(at('moved.gcode'), path)
    expect(await text(file.open())).toBe('G28\n')
  })

  it('that became a folder or a pipe holds nobody up', async () => {
    const { inode = '' } = await plainFile(path)
    rmSync(path)
    mkdirSync(path)
    await expect(text(readSame(path, inode))).rejects.toMatchObject({ code: 'file.unreadable' })
    rmSync(path, { recursive: true })
    if (process.platform === 'win32') return
    execFileSync('mkfifo', [path])
    await expect(text(readSame(path, inode))).rejects.toMatchObject({ code: 'file.unreadable' })
  })
})
