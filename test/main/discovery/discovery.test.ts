import { describe, expect, it } from 'vitest'
import { createMoonrakerSim } from '../../../src/main/printers/sim/moonraker.ts'
import { createSimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import { settled } from '../printers/driver-kit.ts'
import { announced, discoveryBench } from './bench.ts'

describe('discovery', () => {
  it('forgets what says farewell, whatever it is known by', async () => {
    const { discovery, see, lose, end } = await discoveryBench()
    const seen = announced('octoprint', { uuid: 'u1', version: '1.11' })
    see(seen)
    expect(discovery.found()).toMatchObject([{ id: 'octoprint:u1' }])
    lose(seen)
    expect(discovery.found()).toEqual([])
    await end()
  })

  it('asks an address, and says why when nobody answers', async () => {
    const { clock, discovery, end } = await discoveryBench()
    const sim = await createMoonrakerSim(createSimPrinter({ clock }))
    const found = await settled(clock, discovery.probe(`127.0.0.1:${sim.port}`))
    expect(found.candidates[0]).toMatchObject({ driver: 'moonraker', needs: 'nothing' })
    await sim.cut()
    await expect(settled(clock, discovery.probe(sim.url))).rejects.toMatchObject({ code: 'printer.offline' })
    await expect(discovery.probe('not an address')).rejects.toMatchObject({ code: 'request.invalid' })
    await end()
    await sim.stop()
  })
})
