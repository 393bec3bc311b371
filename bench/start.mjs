import { startHeadless, startWindow } from './tools/program.mjs'

export const about = 'How long until a person sees the window, and until a program gets its first answer.'

/** @type {import('../scripts/benching/bench.mjs').Bench['run']} */
export async function run(tools) {
  const answers = []
  for (let at = 0; at < tools.runs; at += 1) {
    const running = await startHeadless(tools.root)
    answers.push(running.firstAnswerMs)
    await running.close()
  }
  const paints = []
  for (let at = 0; at < tools.runs; at += 1) {
    const running = await startWindow(tools)
    if (!running) break
    paints.push(running.firstPaintMs)
    await running.close()
  }
  if (paints.length === 0) tools.say.note('There is no display, so the window was not measured.')
  return [
    { name: 'first HTTP answer, no window', unit: 'ms', samples: answers },
    { name: 'first paint', unit: 'ms', samples: paints },
  ].filter(row => row.samples.length > 0)
}
