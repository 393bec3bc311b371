import { describe, expect, it } from 'vitest'
import { createTestApp, createTestDoor } from '../../fakes/gotapi.ts'

describe('a front door that drains', () => {
  it('ends every line and takes no call any more, also from the window', async () => {
    const door = await createTestDoor()
    const window = createTestApp(door, 'app://gantry', 'inside')
    await window.enter('all')
    let closed = 0
    window.connect(
      () => undefined,
      () => closed++,
    )
    await door.gotapi.drain()
    expect(closed).toBe(1)
    await expect(window.call('GET servicediscovery')).rejects.toMatchObject({ code: 'cancelled' })
  })
})
