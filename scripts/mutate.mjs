import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureInstalled } from './bootstrap/install.mjs'
import { root, runEntry } from './bootstrap/prepare.mjs'
import { problem } from './bootstrap/problem.mjs'
import { DOCUMENT, idleAcceptances, lineOf, openSurvivors, withScore } from './mutation/document.mjs'
import { aim, rooms } from './mutation/rooms.mjs'
import { runStryker } from './mutation/run-stryker.mjs'
import { scoreOf } from './mutation/score.mjs'

/** Changes the code a little, over and over, and sees whether a test notices: `npm run mutate [room …]`. */
await runEntry(async ({ say, signal }) => {
  const names = process.argv.slice(2)
  const unknown = names.find(name => !Object.hasOwn(rooms, name))
  if (unknown !== undefined)
    throw problem('flags', `${unknown} is no room to mutate: choose from ${Object.keys(rooms).join(', ')}.`)
  await ensureInstalled({ root, say, signal })
  const page = join(root, DOCUMENT)
  let isReached = true
  for (const [name, room] of Object.entries(rooms)) {
    if (names.length > 0 && !names.includes(name)) continue
    console.log(`\n== ${name}`)
    const score = scoreOf(
      await runStryker({ root, name, room, signal, write: text => process.stdout.write(text) }),
    )
    const text = readFileSync(page, 'utf8')
    writeFileSync(page, withScore(text, name, score))
    const open = openSurvivors(text, name, score)
    for (const survivor of open) console.log(`${survivor.line}\t${lineOf(survivor)}`)
    for (const line of idleAcceptances(text, name, score))
      console.log(`accepted, but survives no more\t${line}`)
    console.log(
      `${name}: ${score.percent} % of ${score.mutants} mutants noticed, ${open.length} survivors open`,
    )
    isReached &&= score.percent >= aim
  }
  if (!isReached) say.note(`The aim is ${aim} % for each room.`)
  return isReached ? 0 : 1
})
