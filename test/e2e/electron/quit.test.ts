import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeTempDir, type TempDir } from '../harness/temp-dir.ts'
import { type GantryWindow, openGantryWindow } from '../harness/window.ts'

let temp: TempDir
let gantry: GantryWindow

beforeAll(async () => {
  temp = await makeTempDir()
  gantry = await openGantryWindow({ dataDir: join(temp.path, 'data') })
})
afterAll(async () => {
  await gantry?.close()
  await temp?.remove()
})

/** The person answers every question with this button, and what was asked is kept. */
const answerWith = (button: number) =>
  gantry.app.evaluate(({ dialog }, response) => {
    Reflect.set(globalThis, 'asked', [])
    dialog.showMessageBox = async (...args: unknown[]) => {
      Reflect.get(globalThis, 'asked').push(Object(args.at(-1)).detail)
      return { response, checkboxChecked: false }
    }
  }, button)
const asked = () => gantry.app.evaluate((): string[] => Reflect.get(globalThis, 'asked'))

const closeWindow = () =>
  gantry.app.evaluate(
    ({ BrowserWindow }) => setTimeout(() => BrowserWindow.getAllWindows()[0]?.close(), 0) && 1,
  )

describe('menu and window', () => {
  it('speak the language of the settings, at once', async () => {
    const labels = () =>
      gantry.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label))
    for (const [language, edit] of [
      ['de', '&Bearbeiten'],
      ['ja', '編集(&E)'],
      ['en', '&Edit'],
    ] as const) {
      await gantry.page.evaluate(wanted => window.gantry.call('PUT settings', { language: wanted }), language)
      await expect.poll(labels).toContain(edit)
    }
  })
})

describe('closing the window while this computer feeds a print', () => {
  it('asks first, stays when told so, and leaves when told so', async () => {
    const file = join(temp.path, 'long.gcode')
    await writeFile(file, `G28\n${'G4 P1000\nG1 X10 Y10 F600\nG1 X90 Y90 F600\n'.repeat(5_000)}`)
    const started = await gantry.page.evaluate(async uri => {
      const bridge = window.gantry
      const added = await bridge.call('POST printersetup/simulate', {
        serviceId: 'room.printer3d',
        make: 'marlin',
      })
      if (added.result !== 0) return added
      const serviceId = `${added.printerId}.printer3d`
      for (let tries = 0; tries < 100; tries++) {
        const answer = await bridge.call('PUT 3dprinter/print', { serviceId, uri })
        if (answer.result === 0) return answer
        if (tries === 99) return answer
        await new Promise(resolve => setTimeout(resolve, 100))
      }
      return undefined
    }, pathToFileURL(file).href)
    expect(started).toEqual(expect.objectContaining({ result: 0 }))

    await answerWith(0)
    await expect
      .poll(
        async () => {
          await closeWindow()
          return asked()
        },
        { timeout: 10_000, interval: 500 },
      )
      .toEqual(expect.arrayContaining([expect.stringContaining('is fed from this computer')]))
    expect(await gantry.page.evaluate(() => Reflect.has(window, 'gantry'))).toBe(true)

    await answerWith(1)
    const ended = once(gantry.app.process(), 'exit')
    await closeWindow()
    expect((await ended)[0]).toBe(0)
  })
})
