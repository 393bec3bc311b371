import { ensureBuilt } from './bootstrap/build.mjs'
import { electronRuntime } from './bootstrap/electron-runtime.mjs'
import { ensureInstalled } from './bootstrap/install.mjs'
import { root, runEntry } from './bootstrap/prepare.mjs'
import { packageApp, packagedExecutable } from './packaging/package-app.mjs'

/**
 * `npm run package` makes this computer's unpacked app; `npm run package -- --linux` (or `--win`, `--mac`, with
 * electron-builder's other arguments) makes the installers for people.
 */
await runEntry(async ({ say, signal }) => {
  const args = process.argv.slice(2)
  await ensureInstalled({ root, say, signal })
  const runtime = await electronRuntime({ root, say, signal })
  await ensureBuilt({ root, say, signal })
  await packageApp({ root, say, signal, runtime, args })
  if (args.length === 0) console.log(packagedExecutable(root))
  return 0
})
