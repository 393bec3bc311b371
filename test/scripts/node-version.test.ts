import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import nodeVersion from '../../scripts/bootstrap/node-version.cjs'

const scripts = resolve(import.meta.dirname, '../../scripts')

describe('the check for Node', () => {
  it.each([
    ['4.9.1', false],
    ['18.20.8', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['20.20.2', true],
    ['21.7.3', false],
    ['22.11.0', false],
    ['22.12.0', true],
    ['23.11.1', false],
    ['24.0.0', true],
    ['26.1.0', true],
  ])('takes Node %s: %s', (version, taken) => {
    expect(nodeVersion.isSupported(version)).toBe(taken)
  })

  it('says in one sentence what is wrong and what to do, and stops', () => {
    const said: string[] = []
    const exits: number[] = []
    nodeVersion.refuseUnsupported({
      versions: { node: '18.20.8' },
      stderr: { write: text => said.push(text) },
      exit: code => exits.push(code),
    })
    expect(said).toEqual([
      'gantry: This is Node 18.20.8, but Gantry needs 20.19 or a later 20, 22.12 or a later 22, or 24 and newer: install one and run the command again.\n',
    ])
    expect(exits).toEqual([1])
  })

  // What an ES5 compiler leaves as it was, an old Node can read.
  it.each(['start.cjs', 'test.cjs', 'bootstrap/node-version.cjs'])('%s can be read by any Node', file => {
    const code = readFileSync(resolve(scripts, file), 'utf8')
    expect(inEs5(code)).toBe(printed(code))
  })

  it('would notice newer syntax', () => {
    for (const code of [
      'const a = 1',
      'f(() => 1)',
      'f(`a`)',
      'f?.()',
      'f(...a)',
      'import("a")',
      'a = { b }',
    ])
      expect(inEs5(code)).not.toBe(printed(code))
  })
})

function printed(code: string): string {
  return ts.createPrinter().printFile(ts.createSourceFile('a.cjs', code, ts.ScriptTarget.ES5))
}

function inEs5(code: string): string {
  const options = {
    target: ts.ScriptTarget.ES5,
    module: ts.ModuleKind.CommonJS,
    allowJs: true,
    alwaysStrict: false,
  }
  return printed(ts.transpileModule(code, { fileName: 'a.cjs', compilerOptions: options }).outputText)
}
