import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLoggers } from '../../../src/main/lib/log.ts'
import { createLogFile } from '../../../src/main/lib/log-file.ts'
import { createLogRing } from '../../../src/main/lib/log-ring.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'

describe('the log', () => {
  function setUp(level: 'info' | 'trace' = 'trace') {
    const ring = createLogRing(100)
    const loggers = createLoggers({ level, clock: createFakeClock() })
    const drop = loggers.addSink(ring)
    const lines = () => ring.lines().map(line => JSON.parse(line))
    return { loggers, lines, drop, ring }
  }

  it('writes one JSON line with time, area, sentence and fields', () => {
    const { loggers, lines, ring } = setUp()
    loggers.for('printers.marlin').with({ printerId: 'p1' }).info('job started', { jobId: 'j7' })
    expect(lines()).toEqual([
      {
        level: 'info',
        time: '2030-01-01T12:00:00.000Z',
        area: 'printers.marlin',
        printerId: 'p1',
        jobId: 'j7',
        sentence: 'job started',
      },
    ])
    expect(ring.lines()[0]).toMatch(/\}\n$/)
  })

  it('redacts fields, fields of children, the sentence and errors', () => {
    const { loggers, ring } = setUp()
    const log = loggers.for('gotapi').with({ client: { accessToken: 'hush-1' } })
    log.warn('refused http://h/?accessToken=hush-2', {
      cause: Object.assign(new Error('at http://u:hush-3@h/'), { apiKey: 'hush-4' }),
    })
    expect(ring.lines().join('')).not.toContain('hush')
    expect(ring.lines().join('')).toContain('refused')
  })

  it('passes over what is below its level', () => {
    const { loggers, lines } = setUp('info')
    loggers.for('a').debug('not this')
    loggers.for('a').error('this')
    expect(lines().map(({ sentence }) => sentence)).toEqual(['this'])
  })

  it('stops writing where it was told to', () => {
    const { loggers, lines, drop } = setUp()
    drop()
    loggers.for('a').info('gone')
    expect(lines()).toEqual([])
  })
})

describe('the lines in memory', () => {
  it('are the last ones, oldest first', () => {
    const ring = createLogRing(3)
    for (let line = 1; line <= 10; line++) ring.write(`${line}`)
    expect(ring.lines()).toEqual(['8', '9', '10'])
  })
})

describe('the log file', () => {
  function setUp(limitBytes = 30) {
    const dir = makeTempDir()
    const file = join(dir, 'gantry.log')
    const lost: unknown[] = []
    const log = createLogFile({ file, limitBytes, keep: 2, onLost: thrown => lost.push(thrown) })
    return { dir, file, log, lost }
  }

  it('rotates at its limit and keeps a few', () => {
    const { dir, file, log } = setUp()
    for (let line = 1; line <= 9; line++) log.write(`line ${line} 0123456\n`)
    log.close()
    expect(readdirSync(dir).sort()).toEqual(['gantry.log', 'gantry.log.1', 'gantry.log.2'])
    expect(readFileSync(file, 'utf8')).toBe('line 9 0123456\n')
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('line 7 0123456\nline 8 0123456\n')
  })

  it('goes on in the file that is there', () => {
    const { file, log } = setUp(1_000)
    writeFileSync(file, 'before\n')
    log.write('after\n')
    log.close()
    expect(readFileSync(file, 'utf8')).toBe('before\nafter\n')
  })

  it('complains once and goes on without a file when there can be none', () => {
    const { dir, lost } = setUp()
    const log = createLogFile({
      file: join(dir, 'no', 'such', 'folder.log'),
      limitBytes: 10,
      keep: 1,
      onLost: thrown => lost.push(thrown),
    })
    log.write('a\n')
    log.write('b\n')
    expect(lost).toHaveLength(1)
  })

  it.runIf(process.platform === 'linux')('survives a disk that is full', () => {
    const lost: unknown[] = []
    const log = createLogFile({
      file: '/dev/full',
      limitBytes: 1e9,
      keep: 1,
      onLost: thrown => lost.push(thrown),
    })
    log.write('a\n')
    log.write('b\n')
    log.close()
    expect(lost).toMatchObject([{ code: 'ENOSPC' }])
  })

  it('writes nothing after it was closed', () => {
    const { dir, log } = setUp()
    log.close()
    log.write('late\n')
    log.close()
    expect(readdirSync(dir)).toEqual([])
  })
})
