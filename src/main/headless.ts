import { homedir } from 'node:os'
import { join } from 'node:path'
import { version } from '../../package.json'
import { isGantryError } from './contract/error.ts'
import {
  createEngine,
  createNodePlatform,
  helpText,
  loadConfig,
  signInText,
  stopOnSignals,
} from './engine/index.ts'

const program = import.meta.dirname

const print = (text: string) => process.stdout.write(`${text}\n`)

async function main(): Promise<void> {
  const launch = loadConfig({
    argv: process.argv.slice(2),
    cwd: process.cwd(),
    env: process.env,
    home: homedir(),
    system: process.platform,
  })
  if (launch.kind !== 'run') {
    print(launch.kind === 'help' ? helpText() : `Gantry ${version}`)
    return
  }
  const dirs = {
    data: launch.config.dataDir,
    page: join(program, '../renderer'),
    resources: join(program, '../../resources'),
    program,
  }
  const platform = createNodePlatform({ dirs, version, env: process.env, print })
  const engine = createEngine(platform, launch.config)
  stopOnSignals({
    source: process,
    log: engine.logger('headless'),
    stop: engine.stop,
    exit: code => process.exit(code),
  })
  await engine.start()
  print(signInText(engine))
}

main().catch(thrown => {
  // A signal came while it started: whoever took the signal ends the process.
  if (isGantryError(thrown, 'cancelled')) return
  const sentence = isGantryError(thrown) ? thrown.message : `Something inside Gantry went wrong: ${thrown}`
  process.stderr.write(`gantry: ${sentence}\n`)
  process.exit(1)
})
