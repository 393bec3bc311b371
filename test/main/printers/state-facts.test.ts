import { describe, expect, it } from 'vitest'
import type { Fault, Prompt, Snapshot } from '../../../src/main/contract/printer.ts'
import { nothing } from '../../../src/main/printers/driver/capabilities.ts'
import { labelOf } from '../../../src/main/printers/label.ts'
import { blankSnapshot, nextSnapshot, type StateInput } from '../../../src/main/printers/state.ts'
import { feed } from './fed-printer.ts'

const now = 1_000_000
const at = { at: now, byPlugin: true }
const link = (state: Snapshot['link']['state']): StateInput => ({ kind: 'link', link: { state, since: now } })
const known = (...inputs: StateInput[]) =>
  inputs.reduce((state, input) => nextSnapshot(state, input, now), blankSnapshot(nothing, now))

describe('a printer nothing is known of', () => {
  it('is offline since then, has no job and nothing else', () => {
    expect(blankSnapshot(nothing, now)).toStrictEqual({
      link: { state: 'offline', since: now },
      machine: { state: 'unknown' },
      job: { state: 'none' },
      label: 'offline',
      heaters: [],
      fans: [],
      faults: [],
      bed: { state: 'unknown', version: 0, saidBy: 'nobody', at: 0 },
      holds: [],
      doing: [],
      queue: [],
      device: {},
      attributes: {},
      can: nothing,
    })
  })
})

describe('what a printer says', () => {
  const fan = { id: 'fan0', percent: 50, ...at }
  const entry = { order: 0, path: 'a.gcode', message: '', status: 'Pending' as const }
  const table: [StateInput, Partial<Snapshot>][] = [
    [{ kind: 'machine', state: 'idle' }, { machine: { state: 'idle' } }],
    [
      { kind: 'machine', state: 'busy', text: 'Levitating' },
      { machine: { state: 'busy', text: 'Levitating' } },
    ],
    [{ kind: 'fans', fans: [fan] }, { fans: [fan] }],
    [{ kind: 'queue', queue: [entry] }, { queue: [entry] }],
    [{ kind: 'tool', active: 1 }, { activeTool: 1 }],
    [{ kind: 'position', position: { xMm: 1, ...at } }, { position: { xMm: 1, ...at } }],
    [{ kind: 'feed', feed: feed(true) }, { feed: feed(true) }],
    [{ kind: 'capabilities', can: { ...nothing, pause: true } }, { can: { ...nothing, pause: true } }],
    [
      { kind: 'device', device: { productName: 'P' }, attributes: { memorySize: 8 } },
      { device: { productName: 'P' }, attributes: { memorySize: 8 } },
    ],
  ]
  it.each(table)('is known of it, and nothing more: %o', (input, fact) => {
    const before = known(link('online'))
    const label = fact.machine ? fact.machine.state : before.label
    expect(nextSnapshot(before, input, now + 5)).toStrictEqual({
      ...before,
      ...fact,
      label,
      heardAt: now + 5,
    })
  })

  it('counts as heard; what the line does and what a person says of the bed does not', () => {
    expect(
      known(link('connecting'), link('online'), { kind: 'bed-clear', saidBy: 'owner' }),
    ).not.toHaveProperty('heardAt')
    const heard = nextSnapshot(known({ kind: 'fans', fans: [] }), link('offline'), now + 9)
    expect(heard.heardAt).toBe(now)
  })

  it('is a question until the printer asks no more', () => {
    const prompt: Prompt = { id: '1', text: 'Load filament?', buttons: ['Yes'] }
    const asked = known({ kind: 'prompt', prompt })
    expect(asked.prompt).toEqual(prompt)
    const over = nextSnapshot(asked, { kind: 'prompt', prompt: undefined }, now)
    expect(over).not.toHaveProperty('prompt')
    expect(over.link).toEqual(asked.link)
  })

  it('is one fault of each class, each with its own beginning and its last words, and one class can be well again', () => {
    const fault = (of: Fault['class'], since: number, text: string = of): StateInput => ({
      kind: 'fault',
      fault: { class: of, severity: 'warning', text, recoverBy: 'none', since },
    })
    const told = [fault('fan', 5), fault('clog', 7), fault('fan', 9, 'slower')]
    const faults = (...inputs: StateInput[]) =>
      known(...inputs).faults.map(({ class: of, text, since }) => [of, text, since])
    expect(faults(...told)).toEqual([
      ['clog', 'clog', 7],
      ['fan', 'slower', 5],
    ])
    expect(faults(...told, { kind: 'fault-cleared', class: 'fan' })).toEqual([['clog', 'clog', 7]])
    expect(faults(...told, { kind: 'fault-cleared' })).toEqual([])
  })
})

describe('a print that is fed from here', () => {
  it.each(['offline', 'connecting'] as const)('ends with its line, when that is %s', state => {
    expect(known(link('online'), { kind: 'feed', feed: feed(true) }, link(state)).feed).toEqual(feed(false))
  })

  it('goes on while the line is said to be up, and is none where none was', () => {
    expect(known({ kind: 'feed', feed: feed(true) }, link('online')).feed).toEqual(feed(true))
    expect(known(link('online'), link('offline'))).not.toHaveProperty('feed')
  })
})

it.each([
  ['offline', 'idle', 'done', 'offline'],
  ['online', 'unknown', 'done', 'connecting'],
  ['online', 'idle', 'none', 'idle'],
  ['online', 'idle', 'done', 'finished'],
  ['online', 'busy', 'done', 'busy'],
  ['online', 'idle', 'cancelled', 'cancelled'],
  ['online', 'idle', 'failed', 'cancelled'],
  ['online', 'busy', 'cancelled', 'busy'],
  ['online', 'error', 'failed', 'error'],
] as const)(
  'a printer that is %s, whose machine is %s and job is %s, is “%s”',
  (line, machine, job, word) => {
    expect(labelOf(line, machine, job)).toBe(word)
  },
)
