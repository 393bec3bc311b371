import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { forkNodeProcess } from '../../../src/main/engine/node-child-process.ts'
import { createFileSecretBox } from '../../../src/main/engine/node-secret-box.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

describe('secrets at rest', () => {
  const setUp = (givenKey?: string) => {
    const file = join(makeTempDir(), 'secret.key')
    return { file, box: createFileSecretBox({ file, givenKey }) }
  }

  it('come back as they were, and never look the same twice', () => {
    const { box } = setUp()
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const plain = Buffer.from(text).toString()
        const [one, two] = [box.protect(plain), box.protect(plain)]
        return one !== two && box.reveal(one) === plain && box.reveal(two) === plain
      }),
      { numRuns: 30 },
    )
  })

  it('can be read again after a restart, with a key file for its owner alone', () => {
    const { file, box } = setUp()
    const kept = box.protect('octoprint key')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(createFileSecretBox({ file, givenKey: undefined }).reveal(kept)).toBe('octoprint key')
  })

  it('need no file when the key is given from outside', () => {
    const { file, box } = setUp('a key kept elsewhere')
    const kept = box.protect('x')
    expect(() => readFileSync(file)).toThrow()
    expect(createFileSecretBox({ file, givenKey: 'a key kept elsewhere' }).reveal(kept)).toBe('x')
  })

  it('cannot be read with another key, nor after one letter was changed', () => {
    const { box } = setUp('one')
    const kept = box.protect('hush')
    expect(() => setUp('two').box.reveal(kept)).toThrow(/cannot be read with the key of this machine/)
    const at = kept.length - 3
    const changed = kept.slice(0, at) + (kept[at] === 'A' ? 'B' : 'A') + kept.slice(at + 1)
    expect(() => box.reveal(changed)).toThrow(/cannot be read/)
    expect(() => box.reveal('plain text')).toThrow(/cannot be read/)
  })

  it('are not lost to a new key when the key file is damaged', () => {
    const { file } = setUp()
    writeFileSync(file, 'rubbish')
    expect(() => createFileSecretBox({ file, givenKey: undefined }).protect('x')).toThrow(/is damaged/)
    expect(readFileSync(file, 'utf8')).toBe('rubbish')
  })
})

describe('a child process of plain Node', () => {
  function fork(code: string) {
    const module = join(makeTempDir(), 'child.mjs')
    writeFileSync(module, code)
    const child = forkNodeProcess(module, { name: 'test child', env: { GIVEN: 'yes' } })
    onTestFinished(() => child.kill())
    const message = () => new Promise<unknown>(resolve => child.onMessage(resolve))
    const exit = () => new Promise<unknown>(resolve => child.onExit(resolve))
    return { child, message, exit }
  }

  it('talks in messages, bytes included', async () => {
    const { child, message } = fork(`process.on('message', m => process.send({ echo: m }))`)
    const answer = message()
    child.send({ bytes: new Uint8Array([1, 2, 3]) })
    expect(await answer).toEqual({ echo: { bytes: new Uint8Array([1, 2, 3]) } })
  })

  it('gets the environment it is given and nothing of ours', async () => {
    process.env.GANTRY_TEST_LEAK = 'leak'
    onTestFinished(() => {
      delete process.env.GANTRY_TEST_LEAK
    })
    const { message } = fork('process.send([process.env.GIVEN, process.env.GANTRY_TEST_LEAK ?? null])')
    expect(await message()).toEqual(['yes', null])
  })

  it('tells its end once, also to those who ask late, and takes no more messages', async () => {
    const { child, exit } = fork('process.exit(3)')
    expect(await exit()).toEqual({ code: 3, signal: undefined })
    expect(await exit()).toEqual({ code: 3, signal: undefined })
    expect(() => child.send('anybody there?')).not.toThrow()
  })

  it('can be ended without asking', async () => {
    const { child, message, exit } = fork(
      `process.on('SIGTERM', () => {}); process.send('up'); setInterval(() => {}, 1000)`,
    )
    await message()
    child.kill()
    expect(await exit()).toEqual({ code: undefined, signal: 'SIGKILL' })
  })

  it('is heard when it prints', async () => {
    const { child } = fork(`console.log('hello'); setInterval(() => {}, 1000)`)
    const text = await new Promise<string>(resolve => child.onOutput(resolve))
    expect(text).toBe('hello\n')
  })

  it('that cannot be found ends with a code', async () => {
    const child = forkNodeProcess(join(makeTempDir(), 'none.mjs'), { name: 'none' })
    expect(await new Promise(resolve => child.onExit(resolve))).toEqual({ code: 1, signal: undefined })
  })
})
