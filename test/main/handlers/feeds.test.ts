import { beforeEach, describe, expect, it } from 'vitest'
import { createFeeds } from '../../../src/main/handlers/feeds.ts'
import type { Payload, Shared } from '../../../src/main/handlers/handler.ts'

let feeds: ReturnType<typeof createFeeds>
let started: number
let say: (payload: Payload) => void
let told: [string, unknown][]

const shared: Shared<Payload> = {
  latest: () => ({ value: 'latest' }),
  follow(emit) {
    started += 1
    say = emit
    return () => {
      started -= 1
    }
  },
}
const join = (who: string) =>
  feeds.add(
    'place',
    shared,
    ({ value }) => told.push([who, value]),
    ({ value }) => told.push(['all', value]),
  )

beforeEach(() => {
  feeds = createFeeds()
  started = 0
  told = []
})

describe('what many follow alike', () => {
  it('is worked out once, however many follow, and told to all at once', () => {
    for (let at = 0; at < 100; at += 1) join(`viewer ${at}`)
    expect(started).toBe(1)
    told = []
    say({ value: 1 })
    expect(told).toEqual([['all', 1]])
  })

  it('begins for each newcomer with the latest, and only for the newcomer', () => {
    join('a')
    join('b')
    expect(told).toEqual([
      ['a', 'latest'],
      ['b', 'latest'],
    ])
  })

  it('ends with the last who follows, and begins again', () => {
    const [leaveA, leaveB] = [join('a'), join('b')]
    leaveA()
    expect(started).toBe(1)
    leaveB()
    leaveB()
    expect(started).toBe(0)
    join('c')
    expect(started).toBe(1)
  })

  it('is told to each alone while somebody at the same place has a pace of their own', () => {
    join('a')
    join('b')
    let ended = 0
    const leave = feeds.add(
      'place',
      () => {
        ended += 1
      },
      () => {},
    )
    told = []
    say({ value: 1 })
    expect(told).toEqual([
      ['a', 1],
      ['b', 1],
    ])
    leave()
    expect(ended).toBe(1)
    told = []
    say({ value: 2 })
    expect(told).toEqual([['all', 2]])
  })
})
