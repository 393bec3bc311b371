import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type CablePrinter, plugInPrinter } from '../harness/cable-printer.ts'
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

describe('a window that feeds a print', () => {
  let printer: CablePrinter

  /** A print that this Gantry feeds, on its way. */
  async function openAndPrint(): Promise<void> {
    gantry = await openGantryWindow({ dataDir: join(temp.path, 'fed'), args: ['--lang=en'] })
    printer = await plugInPrinter(temp.path)
    const printing = await gantry.page.evaluate(
      async ({ port, uri }) => {
        const { call } = window.gantry
        const config = JSON.stringify({ port, baudRate: 115_200 })
        const room = { serviceId: 'room.printer3d' }
        const added = await call('POST printersetup/add', {
          ...room,
          driver: 'marlin',
          name: 'Bench',
          config,
        } as never)
        if (added.result !== 0) return added
        const serviceId = `${(added as unknown as { printerId: string }).printerId}.printer3d`
        for (let tries = 0; ; tries++) {
          const answer = await call('PUT 3dprinter/print', { serviceId, uri })
          if (answer.result === 0 || tries === 150) return answer
          await new Promise(resolve => setTimeout(resolve, 100))
        }
      },
      { port: printer.port, uri: printer.uri },
    )
    expect(printing).toMatchObject({ result: 0 })
    await expect.poll(printer.isPrinting, { timeout: 15_000 }).toBe(true)
  }
  afterEach(async () => {
    await gantry.close()
    await printer.stop()
    await rm(join(temp.path, 'fed'), { recursive: true, force: true })
  })

  it('parks it before it ends by a signal, even where that takes longer than any other room may', async () => {
    await openAndPrint()
    printer.late(1_500)
    const beganMs = performance.now()
    const ended = once(gantry.app.process(), 'exit')
    gantry.app.process().kill('SIGTERM')
    expect((await ended)[0]).toBe(0)
    expect([printer.isParked(), performance.now() - beganMs > 8_000]).toEqual([true, true])
  })

  it('parks it when the system shuts down, without a question', async () => {
    await openAndPrint()
    const ended = once(gantry.app.process(), 'exit')
    const isHeld = await gantry.app.evaluate(({ powerMonitor }) => {
      let held = false
      const shutdown = { preventDefault: () => (held = true) }
      ;(powerMonitor as NodeJS.EventEmitter).emit('shutdown', shutdown)
      return held
    })
    expect([isHeld, (await ended)[0], printer.isParked()]).toEqual([true, 0, true])
  })

  it('makes a mistake: says so in a sentence, parks the print and ends with 1', async () => {
    await openAndPrint()
    await answerWith(0)
    let said = ''
    gantry.app.process().stderr?.on('data', chunk => {
      said += chunk
    })
    const ended = once(gantry.app.process(), 'exit')
    await gantry.app.evaluate(() => {
      setTimeout(() => void Promise.reject(new Error('thrown by a test')))
    })
    expect((await ended)[0]).toBe(1)
    expect(printer.isParked()).toBe(true)
    expect(said).toMatch(/^gantry: Something inside Gantry went wrong \(thrown by a test\)\./m)
    const log = await readFile(join(temp.path, 'fed', 'gantry.log'), 'utf8')
    expect(log).toMatch(/thrown by a test.*\\n {4}at .*a mistake nobody caught, Gantry stops/)
  })
})
