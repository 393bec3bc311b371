import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { octoprint } from '../../src/main/printers/drivers/octoprint/index.ts'
import { createDriverBench, refusal } from './driver-bench.ts'
import { type Owner, signIn } from './octoprint-owner.ts'
import { createOctoPrintServer, type OctoPrintServer } from './octoprint-server.ts'
import { createRecorder } from './recorder.ts'
import { expectRunNames } from './run-names.ts'
import type { WatchedSession } from './watched-session.ts'

const short = 'G28\nG1 X10 Y10 F6000\nG1 X20 E1\nM117 done\n'
/** The virtual printer dwells in earnest, so this one runs long enough to be paused and cancelled. */
const long = `G28\n${'G1 X10 Y10 F6000\nG4 P100\n'.repeat(1_500)}`

describe('a real OctoPrint', () => {
  const bench = createDriverBench(octoprint)
  const { context, upload } = bench
  let server: OctoPrintServer
  let owner: Owner
  let apiKey = ''

  const open = () => bench.open({ url: server.url, apiKey })
  const connected = async (): Promise<WatchedSession> => {
    await owner.call('POST', '/api/connection', { command: 'connect', port: 'VIRTUAL' })
    const watched = await open()
    await watched.next('machine', ({ state }) => state === 'idle')
    watched.mark()
    return watched
  }
  const ask = async () => octoprint.askForAccess?.({ url: server.url }, context())
  const answered = async (allow: boolean) => {
    while (!(await owner.decide(allow))) await new Promise(resolve => setTimeout(resolve, 100))
  }

  beforeAll(async () => {
    const python = process.env.GANTRY_OCTOPRINT_PYTHON
    if (python === undefined) throw new Error('Run it by `npm run test:interop`, which brings OctoPrint.')
    server = await createOctoPrintServer(python)
    await server.start()
    owner = await signIn(server.url)
    const asking = ask()
    await answered(true)
    apiKey = (await asking)?.apiKey ?? ''
  })
  afterEach(() => bench.tidy())
  afterAll(async () => {
    bench.end()
    await server?.remove()
  })

  it('gives a key when its owner says yes on its own page', () => {
    expect(apiKey.length).toBeGreaterThan(10)
    expect(JSON.stringify(bench.lines)).not.toContain(apiKey)
  })

  it('gives none when its owner says no', async () => {
    const asking = refusal(ask())
    await answered(false)
    expect(await asking).toBe('auth.denied')
  })

  it('is recognised without a key', async () => {
    const likeness = await octoprint.probe?.(server.url, context())
    expect(likeness).toMatchObject({ sure: 0.95, needs: 'credentials', config: { url: server.url } })
  })

  it('refuses a wrong key, which is told as that', async () => {
    const opening = octoprint.open({ url: server.url, apiKey: 'no-such-key' }, context())
    expect(await refusal(opening)).toBe('printer.credentials')
  })

  it('is there while its printer is not', async () => {
    await owner.call('POST', '/api/connection', { command: 'disconnect' })
    const watched = await open()
    await watched.next('machine', ({ state }) => state === 'offline')
    const { device } = await watched.next('device')
    expect(device.softwareRevision).toMatch(/^1\.\d+\.\d+/)
    expect(await refusal(watched.session.perform({ kind: 'home', axes: '' }))).toBe('printer.busy')

    await owner.call('POST', '/api/connection', { command: 'connect', port: 'VIRTUAL' })
    await watched.next('machine', ({ state }) => state === 'idle')
  })

  it('pushes temperatures with its own time, and heats when told', async () => {
    const watched = await connected()
    const { at, deviceAt } = await watched.next('clock')
    expect(Math.abs(at - deviceAt)).toBeLessThan(5_000)
    await watched.session.perform({ kind: 'set-temperature', heater: 'nozzle0', targetC: 60 })
    const { heaters } = await watched.next('heaters', ({ heaters: all }) =>
      all.some(({ id, actualC = 0, targetC }) => id === 'nozzle0' && targetC === 60 && actualC > 25),
    )
    expect(heaters.map(({ id }) => id)).toContain('bed')
    expect(heaters.find(({ id }) => id === 'nozzle0')?.byPlugin).toBe(false)
    await watched.session.perform({ kind: 'set-temperature', heater: 'nozzle0', targetC: 0 })
  })

  it('takes a file, lists it, prints it to its end and lets it be deleted', async () => {
    const watched = await connected()
    const uploaded = await upload(watched, 'Würfel <b>1</b>.GCODE', short)
    const listed = await bench.list(watched)
    expect(listed.find(({ path }) => path === uploaded.path)).toMatchObject({ sizeBytes: short.length })
    await watched.session.begin({ from: 'printer', path: uploaded.path })
    const { job } = await watched.next('job', each => each.job.state === 'done')
    expect(job).toMatchObject({ path: uploaded.path, progress: 1 })
    await watched.next('machine', ({ state }) => state === 'idle')
    // OctoPrint says it is idle a moment before it lets go of the file it printed: a person would press again.
    const remove = () => refusal(watched.session.perform({ kind: 'delete-file', path: uploaded.path }))
    await expect.poll(remove, { timeout: 10_000 }).toBeUndefined()
    const left = await bench.list(watched)
    expect(left.map(({ path }) => path)).not.toContain(uploaded.path)
  })

  it('is recorded while it prints, for the tests that replay it', async () => {
    await owner.call('POST', '/api/connection', { command: 'connect', port: 'VIRTUAL' })
    const recorder = await createRecorder('octoprint', 'OctoPrint 1.11.8', server.url)
    const watched = await bench.open({ url: recorder.url, apiKey })
    await watched.next('machine', ({ state }) => state === 'idle')
    const { path } = await upload(
      watched,
      'recorded.gcode',
      `G28\n${'G1 X10 Y10 F6000\nG4 P100\n'.repeat(20)}`,
    )
    await watched.session.begin({ from: 'printer', path })
    await watched.next('job', each => each.job.state === 'done' && each.job.path === path)
    await watched.next('machine', ({ state }) => state === 'idle')
    recorder.save('A short print from its start to its end.', {
      // It pushes once a second and was `Starting` and `Finishing` for less.
      machine: ['idle', 'printing', 'idle'],
      job: ['none', 'running', 'done'],
    })
    await watched.session.close()
    await recorder.stop()
  })

  it('pauses, goes on and cancels, and the job is cancelled, never done', async () => {
    const watched = await connected()
    const { session } = watched
    const { path } = await upload(watched, 'long.gcode', long)
    await session.begin({ from: 'printer', path })
    await watched.next('machine', ({ state }) => state === 'printing')
    await watched.next('job', ({ job }) => job.state === 'running' && job.path === path)
    await session.perform({ kind: 'pause' })
    await watched.next('machine', ({ state }) => state === 'paused')
    await watched.next('job', ({ job }) => job.state === 'paused')
    watched.mark()
    await session.perform({ kind: 'resume' })
    await watched.next('machine', ({ state }) => state === 'printing')
    await session.perform({ kind: 'cancel' })
    const { job } = await watched.next('job', each => each.job.state === 'cancelled')
    expect(job.path).toBe(path)
    await watched.next('machine', ({ state }) => state === 'idle')
    expect(
      watched.events.some(
        event => event.kind === 'job' && event.job.state === 'done' && event.job.path === path,
      ),
    ).toBe(false)
    expect(watched.events.some(event => event.kind === 'fault')).toBe(false)
    expect(await refusal(session.perform({ kind: 'pause' }))).toBe('printer.busy')
  })

  it('names a run by its count, the same to whoever connects and another when the file is printed again', async () => {
    await expectRunNames({
      ready: connected,
      open,
      put: async watched => (await upload(watched, 'named run.gcode', long)).path,
    })
  })

  it('takes names in every script, and starts and deletes by them', async () => {
    const watched = await connected()
    const paths: string[] = []
    for (const name of ['部品一.gcode', '部品二 🧩.gcode', 'a;b.gcode', 'a|b.gcode'])
      paths.push((await upload(watched, name, short)).path)
    expect(new Set(paths).size).toBe(4)
    const listed = (await bench.list(watched)).map(({ path }) => path)
    for (const path of paths) expect(listed).toContain(path)
    await watched.session.begin({ from: 'printer', path: paths[1] ?? '' })
    await watched.next('job', ({ job }) => job.state === 'done' && job.path === paths[1])
    for (const path of paths) {
      const remove = () => refusal(watched.session.perform({ kind: 'delete-file', path }))
      await expect.poll(remove, { timeout: 10_000 }).toBeUndefined()
    }
  })

  it('keeps files of the card apart from its own', async () => {
    const watched = await connected()
    const listed = await bench.list(watched)
    const onCard = listed.filter(({ path }) => path.startsWith('sdcard:'))
    for (const { path, name } of onCard) expect([path, name.endsWith(' (SD)')]).toEqual([path, true])
    expect(listed.every(({ path }) => !path.startsWith('local:'))).toBe(true)
  })

  it('shows the firmware’s question and takes its answer', async () => {
    const watched = await connected()
    const say = (line: string) => watched.session.perform({ kind: 'send-gcode', line })
    await say('!!DEBUG:action_custom prompt_begin Filament?')
    await say('!!DEBUG:action_custom prompt_choice Yes')
    await say('!!DEBUG:action_custom prompt_choice No')
    await say('!!DEBUG:action_custom prompt_show')
    const { prompt } = await watched.next('prompt', each => each.prompt !== undefined)
    expect(prompt).toMatchObject({ text: 'Filament?', buttons: ['Yes', 'No'] })
    const late = await open()
    await late.next('prompt', each => each.prompt?.text === 'Filament?')
    watched.mark()
    await watched.session.perform({ kind: 'answer-prompt', promptId: 'prompt', button: 1 })
    await watched.next('prompt', each => each.prompt === undefined)
  })

  it('stops at once in an emergency, says so, and comes back when cleared', async () => {
    const watched = await connected()
    const { session } = watched
    const { path } = await upload(watched, 'long.gcode', long)
    await session.begin({ from: 'printer', path })
    await watched.next('machine', ({ state }) => state === 'printing')
    watched.mark()
    await session.perform({ kind: 'emergency-stop' })
    await watched.next('machine', ({ state }) => state === 'error')
    await watched.next('fault', ({ fault }) => fault.class === 'user-stop')
    await watched.next('job', ({ job }) => job.state === 'failed' && job.path === path)
    watched.mark()
    await session.perform({ kind: 'restart-machine' })
    await watched.next('machine', ({ state }) => state === 'idle')
  })

  it('an emergency stop while nothing is printed ends no job, and leaves no bed to clear', async () => {
    const watched = await connected()
    await watched.session.perform({ kind: 'emergency-stop' })
    await watched.next('fault', ({ fault }) => fault.class === 'user-stop')
    await watched.next('machine', ({ state }) => state === 'error')
    const jobs = watched.events.flatMap(event => (event.kind === 'job' ? [event.job.state] : []))
    expect(jobs).not.toContain('failed')
  })

  it('opened after a fault tells the fault, once, although it made an emergency stop by itself', async () => {
    const before = await connected()
    const line = '!!DEBUG:send Error:Thermal Runaway, system stopped! Heater_ID: 0'
    await before.session.perform({ kind: 'send-gcode', line })
    await before.next('machine', ({ state }) => state === 'error')
    const late = await open()
    await late.next('machine', ({ state }) => state === 'error')
    const { fault } = await late.next('fault')
    expect(fault).toMatchObject({
      class: 'thermal-runaway',
      text: expect.stringContaining('Thermal Runaway'),
    })
    const told = before.events.flatMap(event => (event.kind === 'fault' ? [event.fault.class] : []))
    expect(told).toEqual(['thermal-runaway'])
  })

  it('says so when it was asked for a key too often', async () => {
    for (let asked = 0; asked < 5; asked++) {
      await fetch(`${server.url}/plugin/appkeys/request`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"app":"Another"}',
      })
    }
    expect(await refusal(ask())).toBe('auth.too-often')
  })

  it('ends the session with a reason when the server goes, and opens again when it is back', async () => {
    const watched = await connected()
    await server.stop()
    const { reason } = await watched.next('ended')
    expect(['printer.offline', 'wire.closed', 'wire.timeout']).toContain(reason.code)
    expect(await refusal(octoprint.open({ url: server.url, apiKey }, context()))).toBe('printer.offline')

    await server.start()
    owner = await signIn(server.url)
    const again = await connected()
    await again.next('heaters')
  })

  it('ends the session for want of a key when its owner takes the key back', async () => {
    const watched = await connected()
    await owner.call('POST', '/api/plugin/appkeys', { command: 'revoke', key: apiKey })
    const { reason } = await watched.next('ended')
    expect(reason.code).toBe('printer.credentials')
  })
})
