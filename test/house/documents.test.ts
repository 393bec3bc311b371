import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importTable } from './import-table.ts'

const top = resolve(import.meta.dirname, '../..')
const documents = [
  ...readdirSync(top).filter(name => name.endsWith('.md')),
  ...readdirSync(join(top, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.md'))
    .map(name => join('docs', name)),
]

const read = (path: string) => readFileSync(join(top, path), 'utf8')

describe('the documents', () => {
  it('link only to what exists', () => {
    const broken = documents.flatMap(path =>
      [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(match => match[1] ?? '')
        .filter(link => !existsSync(resolve(top, dirname(path), link)))
        .map(link => `${path} links to ${link}, which does not exist.`),
    )
    expect(broken).toEqual([])
  })

  it('name only places that exist in the map of CONTRIBUTING', () => {
    const map = read('CONTRIBUTING.md').split('## Where things are')[1]?.split('##')[0] ?? ''
    const places = [...map.matchAll(/`((?:src|scripts|test)\/[^`<]*)/g)].map(match => match[1] ?? '')
    expect(places.length).toBeGreaterThan(10)
    expect(places.filter(place => !existsSync(join(top, place)))).toEqual([])
  })

  it('describe every room of the import table', () => {
    const cells = [...read('docs/architecture.md').matchAll(/^\| (`[^|]+) \|/gm)].map(match => match[1] ?? '')
    const rooms = cells.flatMap(cell => [...cell.matchAll(/`([^`]+)`/g)].map(match => match[1]))
    const table = Object.keys(importTable)
      .filter(room => room !== 'main')
      .map(room => room.replace(/^main\//, ''))
    expect(rooms.sort()).toEqual(table.sort())
  })

  it('give no decision a number twice', () => {
    const numbers = readdirSync(join(top, 'docs/decisions')).map(name => name.slice(0, 4))
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.every(number => /^\d{4}$/.test(number))).toBe(true)
  })
})
