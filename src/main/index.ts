import { homedir } from 'node:os'
import { join } from 'node:path'
import { app, dialog, protocol } from 'electron'
import { version } from '../../package.json'
import { createEngine, helpText, loadConfig, signInText, stopOnSignals } from './engine/index.ts'
import {
  claimInstance,
  createElectronPlatform,
  declareAppScheme,
  failStart,
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

const print = (text: string) => process.stdout.write(`${text}\n`)

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
  // Without a listener Electron holds everything, prints included, behind a dialog with a stack in it.
  process.on('uncaughtException', thrown =>
    engine.logger('main').error('a mistake was caught', { cause: thrown }),
  )
  let stop = engine.stop
  const hearNoSignals = stopOnSignals({
    source: process,
    log: engine.logger('main'),
    stop: () => stop(),
    exit: code => app.exit(code),
  })
  try {
    await engine.start()
  } catch (thrown) {
    // From here on a signal closes the dialog that tells of it.
    hearNoSignals()
    throw thrown
  }
  if (isHeadless) {
    stayWithoutWindow(app, engine)
    print(signInText(engine))
  } else {
    stop = (await openShell({ engine, platform, words })).stop
  }
}

declareAppScheme(protocol)
main().catch(thrown =>
  failStart(thrown, {
    app,
    dialog,
    source: process,
    hasWindow: !isHeadless && hasDisplay(surroundings),
    print: sentence => process.stderr.write(`${sentence}\n`),
  }),
)
