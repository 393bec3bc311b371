import { expect, it } from 'vitest'
import { z } from 'zod'
import { createPluginSwitches } from '../../../src/main/plugin-host/index.ts'
import { createFakeClock } from '../../fakes/clock.ts'
import { openTestStore } from '../../fakes/store.ts'

it('a plug-in is on until its owner switches it off, and each switch is kept with its time', async () => {
  const clock = createFakeClock()
  const store = await openTestStore(clock)
  const switches = createPluginSwitches(store, clock)
  const all = () => ['lamp', 'scale'].map(switches.isEnabled)
  expect(all()).toEqual([true, true])
  switches.setEnabled('lamp', false)
  expect(all()).toEqual([false, true])
  expect(['lamp', 'scale'].map(createPluginSwitches(store, clock).isEnabled)).toEqual([false, true])
  await clock.advance(5)
  switches.setEnabled('lamp', true)
  expect(all()).toEqual([true, true])
  const row = z.object({ changed_at: z.number() })
  expect(store.get('SELECT changed_at FROM plugin_switch', [], row)).toEqual({ changed_at: clock.now() })
})
