import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { circlesIn } from './circles.ts'
import { importTable } from './import-table.ts'
import { importsOf } from './imports-of.ts'

const src = resolve(import.meta.dirname, '../../src')
const rooms = Object.keys(importTable).sort((a, b) => b.length - a.length)
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map(path => path.replaceAll('\\', '/'))
  .filter(path => /\.(ts|vue)$/.test(path) && !path.endsWith('.d.ts'))

const roomOf = (path: string) => rooms.find(room => path === room || path.startsWith(`${room}/`))

/** Where a specifier leads, as a path under `src`, or undefined when it leaves our own code. */
function target(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('@contract/')) return specifier.replace('@contract', 'main/contract')
  if (specifier.startsWith('.'))
    return relative(src, resolve(src, dirname(file), specifier)).replaceAll('\\', '/')
  return undefined
}

/** Files of ours, as paths under `src`. */
const ourImports = (file: string): string[] =>
  importsOf(readFileSync(join(src, file), 'utf8')).flatMap(specifier => target(file, specifier) ?? [])

/** `vue-router/auto` and `@nuxt/ui/vue-plugin` belong to the packages they come from. */
const packageOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

function complaints(file: string): string[] {
  const room = roomOf(file)
  const rule = room === undefined ? undefined : importTable[room]
  if (room === undefined || rule === undefined) return [`${file} lies in no room of the import table.`]
  const found: string[] = []
  for (const specifier of importsOf(readFileSync(join(src, file), 'utf8'))) {
    const ours = target(file, specifier)
    if (ours === undefined) {
      if (specifier.startsWith('virtual:')) continue
      if (specifier.startsWith('node:')) {
        if (!rule.node) found.push(`${file} may not import ${specifier}: ${room} runs without Node.`)
      } else if (!rule.outside.includes(packageOf(specifier))) {
        found.push(`${file} may not import ${specifier}: ${room} is not where that package is hidden.`)
      }
      continue
    }
    if (ours.startsWith('..')) {
      if (!ours.endsWith('package.json'))
        found.push(`${file} may not import ${specifier}: it lies outside src.`)
      continue
    }
    const other = roomOf(ours)
    if (other === room || other === undefined) continue
    if (!rule.may.includes(other)) {
      found.push(`${file} may not import ${specifier}: ${room} does not know ${other}.`)
      continue
    }
    const door = importTable[other]?.door
    if (door && !door.includes(ours.slice(other.length + 1))) {
      found.push(
        `${file} reaches past the door of ${other} for ${specifier}: import ${door.join(' or ')} instead.`,
      )
    }
  }
  return found
}

describe('the import table', () => {
  it('holds for every file under src', () => {
    expect(files.flatMap(complaints)).toEqual([])
  })

  it('names only rooms it describes', () => {
    const unknown = Object.values(importTable).flatMap(rule =>
      rule.may.filter(room => !(room in importTable)),
    )
    expect(unknown).toEqual([])
  })

  it('has no circle of files: nobody could say which of them to read first', () => {
    const graph = new Map(files.map(file => [file, ourImports(file)]))
    expect(circlesIn(graph)).toEqual([])
  })

  it('has no circle of rooms, types included', () => {
    const graph = new Map<string, Set<string>>()
    for (const file of files) {
      const room = roomOf(file) ?? file
      const known = graph.get(room) ?? new Set()
      graph.set(room, known)
      for (const other of ourImports(file).map(roomOf)) {
        if (other !== undefined && other !== room) known.add(other)
      }
    }
    expect(circlesIn(graph)).toEqual([])
  })

  it('sees a circle', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', []],
    ])
    expect(circlesIn(graph)).toEqual([['a', 'b', 'c']])
  })

  it('sees every form of import', () => {
    const code = `import a from './a.ts'\nimport type { B } from "./b.ts"\nexport * from './c.ts'\nconst d = await import('./d.ts')\nimport './e.css'\nexport { f } from './f.ts'\nconst g = new Worker(new URL('./g.ts', import.meta.url))`
    expect(importsOf(code)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './e.css', './f.ts', './g.ts'])
  })
})
