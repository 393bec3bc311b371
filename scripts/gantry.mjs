#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** `npx gantry …`: the command line as the build made it. */
const program = new URL('../out/main/cli.js', import.meta.url)
if (existsSync(fileURLToPath(program))) await import(program.href)
else {
  process.stderr.write('The command line is not built yet. Run: npm run build\n')
  process.exitCode = 1
}
