import { describe, expect, it } from 'vitest'
import { problem } from '../../scripts/bootstrap/problem.mjs'
import type { Part, PartTools } from '../../scripts/testing/parts.mjs'
import { runParts } from '../../scripts/testing/run-parts.mjs'
import { listener } from './project.ts'

const outcome = (name: string) => ({ name, passed: 1, failed: 0, skipped: 0, remarks: [], durationMs: 1 })

/** A test run whose parts say what they do, in the order they do it. */
function stage() {
  const happened: string[] = []
  let written = ''
  const tools: PartTools = {
    root: '',
    say: listener().say,
    signal: new AbortController().signal,
    write: text => {
      written += text
    },
  }
  const part = (
    name: string,
    run: (write: PartTools['write']) => unknown,
    more: Partial<Part> = {},
  ): Part => ({
    name,
    title: `what ${name} proves`,
    needsBuild: false,
    packages: [],
    run: async ({ write }) => {
      happened.push(`${name} starts`)
      await run(write)
      happened.push(`${name} ends`)
      return outcome(name)
    },
    ...more,
  })
  return { happened, part, run: (...parts: Part[]) => runParts(parts, tools), written: () => written }
}

describe('the parts of a test run', () => {
  it('follow each other', async () => {
    const { happened, part, run, written } = stage()
    const outcomes = await run(
      part('one', write => write('1\n')),
      part('two', write => write('2\n')),
    )
    expect(happened).toEqual(['one starts', 'one ends', 'two starts', 'two ends'])
    expect(outcomes.map(({ name }) => name)).toEqual(['one', 'two'])
    expect(written()).toBe('\n== one: what one proves\n1\n\n== two: what two proves\n2\n')
  })

  it('start at once where they mostly wait, and are read in their turn', async () => {
    const { happened, part, run, written } = stage()
    let tellStarted = () => {}
    const started = new Promise<void>(resolve => {
      tellStarted = resolve
    })
    let letEnd = () => {}
    const mayEnd = new Promise<void>(resolve => {
      letEnd = resolve
    })
    const waits = part(
      'waits',
      async write => {
        write('early\n')
        tellStarted()
        await mayEnd
        write('late\n')
      },
      { startsEarly: true },
    )
    const works = part('works', async write => {
      await started
      write('work\n')
      queueMicrotask(letEnd)
    })
    expect((await run(works, waits)).map(({ name }) => name)).toEqual(['works', 'waits'])
    expect(happened).toEqual(['waits starts', 'works starts', 'works ends', 'waits ends'])
    expect(written()).toBe(
      '\n== works: what works proves\nwork\n\n== waits: what waits proves\nearly\nlate\n',
    )
  })

  it.each([true, false])(
    'that cannot be prepared have failed, and the others run (early: %s)',
    async startsEarly => {
      const { part, run } = stage()
      const fails = () => Promise.reject(problem('machine', 'There is no such thing.'))
      const outcomes = await run(
        part('fails', fails, { startsEarly }),
        part('works', () => {}),
      )
      expect(outcomes).toMatchObject([
        { name: 'fails', failed: 1, remarks: ['There is no such thing.'] },
        { name: 'works', passed: 1 },
      ])
    },
  )

  it.each([true, false])('with a mistake in them end the run (early: %s)', async startsEarly => {
    const { part, run } = stage()
    const mistake = part('mistake', () => Promise.reject(new TypeError('no function')), { startsEarly })
    await expect(
      run(
        part('works', () => {}),
        mistake,
      ),
    ).rejects.toThrow('no function')
  })
})
