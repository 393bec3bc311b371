import { expect, it } from 'vitest'
import { createRhythm } from '../../../src/main/discovery/rhythm.ts'
import { createSightings } from '../../../src/main/discovery/sightings.ts'
import { drivers } from '../../../src/main/printers/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { announced } from './bench.ts'

function bench() {
  const clock = createFakeClock()
  const asked: number[] = []
  const rhythm = createRhythm(clock, () => asked.push(clock.elapsed() / 1_000))
  return { clock, asked, rhythm }
}

it('the network is asked three times at the start, then every two minutes', async () => {
  const { clock, asked, rhythm } = bench()
  const stop = rhythm.start()
  await clock.advance(300_000)
  expect(asked).toEqual([0, 1, 4, 124, 244])
  stop()
  await clock.advance(300_000)
  expect(asked).toHaveLength(5)
  expect(clock.waiting()).toEqual([])
})

it('the network is asked every ten seconds while somebody looks, and only as long', async () => {
  const { clock, asked, rhythm } = bench()
  rhythm.start()
  await clock.advance(50_000)
  const [leave, leaveToo] = [rhythm.look(), rhythm.look()]
  await clock.advance(25_000)
  expect(asked).toEqual([0, 1, 4, 50, 60, 70])
  leave()
  leave()
  await clock.advance(10_000)
  expect(asked).toHaveLength(7)
  leaveToo()
  await clock.advance(100_000)
  expect(asked).toHaveLength(7)
})

it('a hundred lines that break at once ask once, and not again for five seconds', async () => {
  const { clock, asked, rhythm } = bench()
  rhythm.start()
  await clock.advance(60_000)
  for (let line = 0; line < 100; line++) rhythm.hurry()
  await clock.advance(1_000)
  for (let line = 0; line < 100; line++) rhythm.hurry()
  await clock.advance(10_000)
  expect(asked).toEqual([0, 1, 4, 60, 65])
})

it('what is silent at three questions in a row is gone, whatever the wall clock does', async () => {
  const clock = createFakeClock()
  let jumpMs = 0
  const sightings = createSightings(drivers, { ...clock, now: () => clock.now() + jumpMs })
  const seen = announced('moonraker', { uuid: 'm1' })
  expect(sightings.see('a', seen)).toBe(true)
  expect(sightings.see('a', seen)).toBe(false)
  jumpMs = -3_600_000
  await clock.advance(120_000)
  expect([sightings.round(), sightings.round(), sightings.round()]).toEqual([false, false, false])
  expect(sightings.all()).toMatchObject([{ ageMs: 120_000 }])
  jumpMs = 3_600_000
  sightings.see('a', seen)
  expect(sightings.all()).toMatchObject([{ ageMs: 0 }])
  for (let round = 0; round < 4; round++) sightings.round()
  expect(sightings.all()).toHaveLength(1)
  await clock.advance(90_000)
  expect(sightings.round()).toBe(true)
  expect(sightings.all()).toEqual([])
})

it('a network that floods us with names does not fill memory', () => {
  const sightings = createSightings(drivers, createFakeClock())
  for (let count = 0; count < 2_000; count++) {
    sightings.see(
      `k${count}`,
      announced('moonraker', { uuid: `m${count}` }, { addresses: [`10.1.${count >> 8}.${count & 255}`] }),
    )
  }
  expect(sightings.all()).toHaveLength(300)
})
