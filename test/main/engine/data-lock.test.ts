import { once } from 'node:events'
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { lockDataFolder } from '../../../src/main/engine/data-lock.ts'
import { readLockHolder } from '../../../src/main/engine/lock-holder.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { buildProgram, runProgram } from '../../fakes/typescript-child.ts'

const us = {
  pid: 4_711,
  host: 'workshop',
  nowAt: Date.UTC(2030, 0, 1),
  cliSecret: 'only-for-the-command-line',
}

async function lock(dir: string) {
  const held = await lockDataFolder({ dir, ...us })
  onTestFinished(() => held.release())
  return held
}

describe('the lock of the data folder', () => {
  it('says who holds it, since when and where, but never the secret', async () => {
    const dir = makeTempDir()
    const held = await lock(dir)
    held.publish({ port: 4035, url: 'http://127.0.0.1:4035/' })
    const refusal = await lockDataFolder({ dir, ...us }).catch(thrown => thrown)
    expect(refusal).toMatchObject({
      code: 'data.held',
      message: `Another Gantry (process 4711 on workshop, since 2030-01-01T00:00:00.000Z, at http://127.0.0.1:4035/) uses the data folder ${dir}. Use that one, stop it, or choose another folder with --data-dir.`,
      details: { pid: 4_711, host: 'workshop', port: 4035, url: 'http://127.0.0.1:4035/' },
    })
    expect(JSON.stringify([refusal.message, refusal.details])).not.toContain(us.cliSecret)
  })

  it('tells the command line of the same person where Gantry listens', async () => {
    const dir = makeTempDir()
    const held = await lock(dir)
    held.publish({ port: 5000, url: 'http://127.0.0.1:5000/' })
    expect(readLockHolder(dir)).toMatchObject({ port: 5000, cliSecret: us.cliSecret })
    held.release()
    expect(readLockHolder(dir)).toBeUndefined()
  })

  it('takes over from a holder whose file stayed behind, even if its number belongs to a living process', async () => {
    const dir = makeTempDir()
    writeFileSync(
      join(dir, 'gantry.lock'),
      JSON.stringify({ pid: process.pid, host: 'workshop', sinceAt: 1, cliSecret: 'old' }),
    )
    await lock(dir)
    expect(readLockHolder(dir)).toMatchObject({ pid: 4_711 })
  })

  it('holds without a readable file about the holder too', async () => {
    const dir = makeTempDir()
    await lock(dir)
    writeFileSync(join(dir, 'gantry.lock'), '{ rubbish')
    await expect(lockDataFolder({ dir, ...us })).rejects.toMatchObject({ code: 'data.held' })
  })

  it('lets go when the file about the holder cannot be written', async () => {
    const dir = makeTempDir()
    mkdirSync(join(dir, 'gantry.lock'))
    await expect(lockDataFolder({ dir, ...us })).rejects.toThrow()
    rmdirSync(join(dir, 'gantry.lock'))
    await lock(dir)
    expect(readFileSync(join(dir, 'gantry.lock'), 'utf8')).toContain('workshop')
  })
})

describe('several starts at once', async () => {
  const program = await buildProgram('test/fakes/programs/lock-contender.ts')

  it('let exactly one win, and the next start takes over when that one was killed', async () => {
    const dir = makeTempDir()
    const contenders = Array.from({ length: 4 }, () => runProgram(program, [dir]))
    for (const contender of contenders) expect(await contender.nextLine()).toBe('ready')
    for (const { child } of contenders) child.stdin?.write('go\n')
    const results = await Promise.all(contenders.map(contender => contender.nextLine()))
    expect([...results].sort()).toEqual(['lost data.held', 'lost data.held', 'lost data.held', 'won'])

    const winner = contenders[results.indexOf('won')]
    expect(readLockHolder(dir)).toMatchObject({ pid: winner?.child.pid })
    await expect(lockDataFolder({ dir, ...us })).rejects.toMatchObject({
      details: { pid: winner?.child.pid },
    })
    winner?.child.kill('SIGKILL')
    await winner?.exit()
    await lock(dir)
    expect(readLockHolder(dir)).toMatchObject({ pid: 4_711 })
    for (const { child } of contenders) {
      child.stdin?.end()
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    }
  })
})
