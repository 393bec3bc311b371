import { homedir } from 'node:os'
import { join } from 'node:path'
import { app, dialog, protocol } from 'electron'
import { version } from '../../package.json'
import {
  createEngine,
  createTerminal,
  createWayOut,
  helpText,
  loadConfig,
  signInText,
} from './engine/index.ts'
import { systemClock } from './lib/clock.ts'
import {
  claimInstance,
  createElectronPlatform,
  createTroubleTeller,
  declareAppScheme,
  hasDisplay,
  mustHaveDisplay,
  openShell,
  shareInstance,
  stayWithoutWindow,
} from './shell/index.ts'

const program = import.meta.dirname
// Run from source by its own runtime, the project's folder stands before our own words.
const words = process.argv.slice(process.defaultApp ? 2 : 1)

/** Chromium takes this one too, and then wants no display. */
let isHeadless = words.includes('--headless')

const surroundings = { system: process.platform, env: process.env }

const { print, complain } = createTerminal(process)
const wayOut = createWayOut({
  source: process,
  clock: systemClock,
  tell: createTroubleTeller({
    app,
    dialog,
    hasWindow: () => !isHeadless && hasDisplay(surroundings),
    complain,
  }),
  exit: code => app.exit(code),
})

function printAndLeave(text: string): void {
  print(text)
  app.exit(0)
}

async function main(): Promise<void> {
  const launch = loadConfig({
    argv: words,
    cwd: process.cwd(),
    env: process.env,
    home: homedir(),
    system: process.platform,
    foreignFlags: 'ignore',
  })
  if (launch.kind === 'help') return printAndLeave(helpText())
  if (launch.kind === 'version') return printAndLeave(`Gantry ${version}`)
  const { config } = launch
  isHeadless = config.headless
  if (!isHeadless) mustHaveDisplay(surroundings)
  if (isHeadless) shareInstance(app, config.dataDir)
  else if (!claimInstance(app, config.dataDir))
    return printAndLeave('Gantry runs already: its window comes to the front.')
  await app.whenReady()
  const platform = createElectronPlatform({
    dirs: {
      data: config.dataDir,
      page: join(program, '../renderer'),
      resources: join(program, '../../resources'),
      program,
    },
    version,
    env: process.env,
  })
  const engine = createEngine(platform, config)
  let stop = engine.stop
  wayOut.leadThrough({ log: engine.logger('main'), stop: () => stop() })
  await engine.start()
  if (isHeadless) {
    stayWithoutWindow(app, engine, wayOut)
    print(signInText(engine))
  } else {
    stop = (await openShell({ engine, platform, words, wayOut })).stop
  }
}

declareAppScheme(protocol)
main().catch(wayOut.fail)
