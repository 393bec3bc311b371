import { homedir } from 'node:os'
import { join } from 'node:path'
import { version } from '../../package.json'
import {
  createEngine,
  createNodePlatform,
  createTerminal,
  createWayOut,
  helpText,
  loadConfig,
  signInText,
} from './engine/index.ts'
import { systemClock } from './lib/clock.ts'

const program = import.meta.dirname

const { print, complain } = createTerminal(process)
const wayOut = createWayOut({
  source: process,
  clock: systemClock,
  tell: async (_trouble, sentence) => complain(sentence),
  exit: code => process.exit(code),
})

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
  wayOut.leadThrough({ log: engine.logger('headless'), stop: engine.stop })
  await engine.start()
  print(signInText(engine))
}

main().catch(wayOut.fail)
