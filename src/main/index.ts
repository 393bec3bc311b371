import { homedir } from 'node:os'
import { join } from 'node:path'
import { app, protocol } from 'electron'
import { version } from '../../package.json'
import { createEngine, helpText, loadConfig } from './engine/index.ts'
import {
  claimInstance,
  createElectronPlatform,
  declareAppScheme,
  failStart,
  openShell,
} from './shell/index.ts'

const program = import.meta.dirname
// Run from source by its own runtime, the project's folder stands before our own words.
const words = process.argv.slice(process.defaultApp ? 2 : 1)

function printAndLeave(text: string): void {
  process.stdout.write(`${text}\n`)
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
  if (!claimInstance(app, config.dataDir))
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
  await engine.start()
  await openShell({ engine, platform, words })
}

declareAppScheme(protocol)
main().catch(thrown => failStart(thrown, sentence => process.stderr.write(`${sentence}\n`)))
