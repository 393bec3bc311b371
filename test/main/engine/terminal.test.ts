import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { createTerminal } from '../../../src/main/engine/terminal.ts'

function createOutput() {
  const written: string[] = []
  return Object.assign(new EventEmitter(), { written, write: (text: string) => written.push(text) })
}

it('says what it is told, and what is wrong, each in its place', () => {
  const [stdout, stderr] = [createOutput(), createOutput()]
  const { print, complain } = createTerminal({ stdout, stderr })
  print('a link')
  complain('It cannot be.')
  expect([stdout.written, stderr.written]).toEqual([['a link\n'], ['gantry: It cannot be.\n']])
})

it.each(['stdout', 'stderr'] as const)('a %s that nobody reads any more breaks nothing', name => {
  const outputs = { stdout: createOutput(), stderr: createOutput() }
  createTerminal(outputs)
  expect(() => outputs[name].emit('error', new Error('EPIPE'))).not.toThrow()
})
