import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { Snapshot } from '../../../src/main/contract/printer.ts'
import { type EventRoute, type RouteResult, routes } from '../../../src/main/contract/routes.ts'
import type { Engine } from '../../../src/main/engine/index.ts'
import { systemClock } from '../../../src/main/lib/clock.ts'
import { createPrusaLinkSim } from '../../../src/main/printers/sim/prusalink.ts'
import { createSimPrinter } from '../../../src/main/printers/sim/sim-printer.ts'
import { seal } from '../../../src/renderer/login/seal.ts'
import { createTestEngine } from '../../fakes/engine.ts'
import { makeTempDir } from '../../fakes/temp-dir.ts'
import { anna, askServer, startContentsServer } from '../contents/start-server.ts'

vi.setConfig({ testTimeout: 120_000 })

const origin = { origin: 'app://gantry' }
const room = { serviceId: 'room.printer3d' }
const within = { timeout: 30_000, interval: 50 }

type Params = Record<string, string>
type Body = Readonly<Record<string, unknown>>
type Summary = RouteResult<'GET printers/list'>['printers'][number]

const sender =
  ({ gateway }: Engine, via: 'inside' | 'loopback', from: { origin: string }) =>
  async (route: string, params: Params): Promise<Body> => {
    const [method = '', path = ''] = route.split(' ')
    return (await gateway.handle({ method, path: `/gotapi/${path}`, params, origin: from, via })).body
  }

/** A plug-in that has settings to show. */
function writeWaker(dir: string): void {
  mkdirSync(dir)
  const manifest = { id: 'waker', name: 'Waker', version: '1.0.0', main: 'plugin.mjs' }
  const service = { serviceId: 'waker', name: 'Waker', online: true }
  const profiles = { waker: { swagger: '2.0', info: { title: 'Waker', version: '1.0.0' }, paths: {} } }
  writeFileSync(join(dir, 'plugin.json'), JSON.stringify({ ...manifest, services: [service], profiles }))
  writeFileSync(
    join(dir, 'plugin.mjs'),
    `export const start = port => port.on('message', ({ requestCode, profile }) => {
      const answer = profile === 'system' ? { result: 0 } : { result: 1, errorCode: 2 }
      if (requestCode !== undefined) port.send({ action: 'RESPONSE', requestCode, ...answer })
    })`,
  )
}

/** Gantry's own client, that notes every route it got an answer or a frame of. */
async function enter(engine: Engine) {
  const answered = new Set<string>()
  const plain = sender(engine, 'inside', origin)
  const send = (route: string, params: Params) =>
    plain(route, { ...(accessToken && { accessToken }), ...params })
  const good = async (route: string, params: Params = {}): Promise<Body> => {
    const body = await send(route, params)
    expect(body, `${route} ${JSON.stringify(body)}`).toMatchObject({ result: 0 })
    answered.add(route)
    return body
  }
  let accessToken = ''
  const { clientId } = await good('GET authorization/grant')
  const invitation = engine.gateway.invite({ about: 'a test', scopes: ['all'], lifeMs: 60_000 })
  const entered = await good('GET authorization/accesstoken', {
    clientId: String(clientId),
    scope: 'all',
    invitation,
  })
  accessToken = String(entered.accessToken)
  const line = engine.gateway.connect(
    { accessToken, origin, via: 'inside' },
    {
      onFrame({ profile, attribute }) {
        const path = attribute === undefined ? profile : `${profile}/${attribute}`
        answered.add(`EVENT ${path}`)
      },
      onClose: () => {},
    },
  )
  onTestFinished(line.close)
  const put = async (path: string, text: string) => {
    const { status } = await engine.gateway.bytes({
      method: 'PUT',
      path: path.replace('/bytes/', ''),
      headers: {},
      body: Readable.from([Buffer.from(text)]),
      token: accessToken,
      origin,
      via: 'inside',
    })
    expect(status).toBe(200)
  }
  const printers = async () =>
    ((await good('GET printers/list', room)) as RouteResult<'GET printers/list'>).printers
  return {
    answered,
    send,
    good,
    put,
    printers,
    follow: (route: EventRoute, params: Params = {}) => good(route.replace('EVENT', 'PUT'), params),
    /** As it is once all of this is so. */
    printer(id: string, holds: (printer: Summary) => boolean) {
      return vi.waitFor(async () => {
        const found = (await printers()).find(each => each.id === id)
        if (!found || !holds(found)) throw new Error(`${id}: ${found?.snapshot.label}`)
        return found
      }, within)
    },
  }
}

type Owner = Awaited<ReturnType<typeof enter>>

async function askOwnThings({ good, follow }: Owner): Promise<void> {
  await good('GET availability')
  for (const route of ['GET servicediscovery', 'GET system', 'GET engine', 'GET diagnostics'])
    await good(route)
  await good('GET serviceinformation', room)
  await follow('EVENT system/heartbeat')
  await follow('EVENT settings/changes')
  await good('GET settings')
  await good('PUT settings', { name: 'Cellar' })
  await follow('EVENT notices/changes')
  await good('GET notices')
  await good('DELETE notices', { id: 'store' })
  await follow('EVENT lan')
  await good('GET lan')
  await good('PUT lan/state', { enabled: 'true' })
  await good('POST lan/pair')
  await good('PUT lan/state', { enabled: 'false' })
  await good('POST link')
}

async function askOfPlugIns({ good, follow }: Owner): Promise<void> {
  await follow('EVENT plugins')
  await follow('EVENT servicediscovery/onservicechange')
  await good('GET plugins')
  await good('PUT plugins/enabled', { id: 'echo', enabled: 'false' })
  await good('PUT plugins/enabled', { id: 'echo', enabled: 'true' })
  await good('POST plugins/restart', { id: 'echo' })
  await good('POST plugins/search')
  await good('PUT system/device/wakeup', { pluginId: 'waker' })
}

async function askOfApplications({ good, follow }: Owner, engine: Engine): Promise<void> {
  await follow('EVENT apps')
  await follow('EVENT approvals')
  await good('PUT apps/keyword', { keyword: 'heron' })
  await good('GET apps/keyword')
  await good('PUT apps/key', { origin: 'http://app.example.test', key: '00'.repeat(16) })
  await good('DELETE apps/key', { origin: 'http://app.example.test' })
  const decide = async (decision: string) => {
    const open = (await vi.waitFor(async () => {
      const { approvals } = await good('GET approvals')
      expect(approvals).toHaveLength(1)
      return approvals
    }, within)) as { id: string }[]
    await good('PUT approvals/decision', { id: open[0]?.id ?? '', decision })
  }
  const application = sender(engine, 'loopback', { origin: 'http://app.example.test' })
  const { clientId } = await application('GET authorization/grant', {})
  const asked = application('GET authorization/accesstoken', { clientId: String(clientId), scope: 'clock' })
  await decide('allow')
  const { accessToken } = await asked
  const clock = { serviceId: 'clock.clock', accessToken: String(accessToken) }
  const read = application('GET clock/ticktack', clock)
  await decide('allow')
  expect(await read).toMatchObject({ result: 0 })
  const { apps } = (await good('GET apps')) as RouteResult<'GET apps'>
  const newcomer = apps.find(app => app.origin === 'http://app.example.test')
  await good('PUT apps/line', { clientId: newcomer?.clientId ?? '', keepOpen: 'true' })
  await good('DELETE apps/plugin', { clientId: newcomer?.clientId ?? '', pluginId: 'clock' })
  await good('DELETE apps/client', { clientId: newcomer?.clientId ?? '' })
  const again = await application('GET authorization/grant', {})
  const askedAgain = application('GET authorization/accesstoken', {
    clientId: String(again.clientId),
    scope: 'clock',
  })
  await decide('never')
  expect(await askedAgain).toMatchObject({ errorCode: 11 })
  await good('DELETE apps/silenced', { origin: 'http://app.example.test', via: 'loopback' })
  const shown = good('PUT system/keyword')
  await decide('allow')
  await shown
}

async function setUpPrinters({ good, follow, printer, printers }: Owner): Promise<void> {
  await follow('EVENT printersetup/found', room)
  await good('GET printersetup/drivers', room)
  await good('GET printersetup/found', room)
  const standing = (await printers()).find(({ driver }) => driver === 'octoprint')
  const url = standing?.address ?? ''
  await good('POST printersetup/probe', { ...room, address: url })
  const access = await good('POST printersetup/access', {
    ...room,
    driver: 'octoprint',
    config: JSON.stringify({ url }),
  })
  await good('GET printersetup/access', { ...room, accessId: String(access.accessId) })
  await good('DELETE printersetup/access', { ...room, accessId: String(access.accessId) })
  const added = await good('POST printersetup/add', {
    ...room,
    driver: 'octoprint',
    name: 'Twin',
    config: JSON.stringify({ url, apiKey: 'simulated' }),
  })
  const printerId = String(added.printerId)
  await printer(printerId, ({ snapshot }) => snapshot.label === 'idle')
  // The list of services follows a moment after the list of printers.
  const serviceId = String(added.printerServiceId)
  await vi.waitFor(async () => {
    const { services } = (await good('GET servicediscovery')) as RouteResult<'GET servicediscovery'>
    expect(services.map(({ id }) => id)).toContain(serviceId)
  }, within)
  await good('GET printers/one', { serviceId })
  await good('POST printersetup/rename', { ...room, printerId, name: 'Sibling' })
  await good('POST printersetup/recognise', { ...room, printerId })
  await good('POST printersetup/configure', { ...room, printerId, config: JSON.stringify({ url }) })
  await good('POST printersetup/remove', { ...room, printerId })
  await good('GET printerdoctor/report', room)
  await good('GET printerdoctor/report', { ...room, printerId: standing?.id ?? '' })
}

/** Two printers at each other's address. */
async function mixThemUp({ good, printer }: Owner): Promise<void> {
  const password = 'simulated'
  const hosts = await Promise.all(
    ['CZPX1', 'CZPX2'].map(serial =>
      createPrusaLinkSim(createSimPrinter({ clock: systemClock }), { password, serial }),
    ),
  )
  const ids: string[] = []
  for (const [index, { url }] of hosts.entries()) {
    const config = JSON.stringify({ url, password })
    const added = await good('POST printersetup/add', {
      ...room,
      driver: 'prusalink',
      name: `Mk${index}`,
      config,
    })
    ids.push(String(added.printerId))
    await printer(String(added.printerId), ({ snapshot }) => snapshot.label === 'idle')
  }
  const [printerId = '', otherId = ''] = ids
  const config = JSON.stringify({ url: hosts[1]?.url })
  await good('POST printersetup/configure', { ...room, printerId, config })
  await printer(printerId, ({ notes }) => notes?.some(({ code }) => code === 'other-printer') === true)
  await good('POST printersetup/exchange', { ...room, printerId })
  for (const id of [printerId, otherId]) await good('POST printersetup/remove', { ...room, printerId: id })
  await Promise.all(hosts.map(host => host.stop()))
}

async function signInToContents({ good, follow, send, printers }: Owner): Promise<void> {
  const server = await startContentsServer(systemClock)
  await follow('EVENT contents')
  await follow('EVENT contentslogin')
  await good('POST contents/probe', { address: server.url })
  const { id } = await good('POST contents/server', { address: server.url })
  const open = async () => {
    await good('POST contents/session', { id: String(id) })
    const { logins } = (await good('GET contentslogin')) as RouteResult<'GET contentslogin'>
    return { id: logins[0]?.id ?? '', publicKey: logins[0]?.publicKey ?? '' }
  }
  await good('DELETE contentslogin/answer', { id: (await open()).id })
  const login = await open()
  await good('PUT contentslogin/answer', { id: login.id, sealed: await seal(JSON.stringify(anna), login) })
  const standing = (await printers()).find(({ driver }) => driver === 'prusalink')
  const service = { serviceId: standing?.serviceId ?? '', url: server.url }
  const answer = (await good('GET 3dprinter/contents', service)) as RouteResult<'GET 3dprinter/contents'>
  const bearer = answer.contents[0]?.secureToken ?? ''
  await askServer(server.url, 'selection', { method: 'PUT', bearer, body: { name: 'cube.gcode' } })
  rmSync(join(server.folder, 'cube.gcode'))
  // The file is gone when it is fetched: what is left is a failed one, to be put away.
  await send('PUT 3dprinter/print', { ...service, secureToken: bearer })
  const { transfers } = (await good('GET contents')) as RouteResult<'GET contents'>
  expect(transfers).toMatchObject([{ state: 'failed' }])
  await good('DELETE contents/transfer', { id: transfers[0]?.id ?? '' })
  await good('DELETE contents/session', { id: String(id) })
  await good('DELETE contents/server', { id: String(id) })
}

async function groupPrinters({ good, follow, printers }: Owner): Promise<void> {
  const [one] = await printers()
  const printerIds = JSON.stringify([one?.id])
  await follow('EVENT printergroups/list', room)
  const { groupId } = await good('POST printergroups/add', { ...room, name: 'Window' })
  const group = { ...room, groupId: String(groupId) }
  await good('POST printergroups/assign', { ...group, printerIds })
  await good('POST printergroups/rename', { ...group, name: 'Door' })
  await good('POST printergroups/move', { ...group, place: '0' })
  await good('GET printergroups/list', room)
  await good('POST printergroups/remove', group)
}

async function printAndTouch({ good, follow, printer }: Owner): Promise<void> {
  const added = await good('POST printersetup/simulate', { ...room, make: 'moonraker', name: 'Desk' })
  const id = String(added.printerId)
  const service = { serviceId: `${id}.printer3d` }
  await printer(id, ({ snapshot }) => snapshot.label === 'idle')
  // A newcomer is a service as soon as its plug-in was asked again.
  await vi.waitFor(async () => {
    const { services } = (await good('GET servicediscovery')) as RouteResult<'GET servicediscovery'>
    expect(services.map(each => each.id)).toContain(service.serviceId)
  }, within)
  await follow('EVENT printers/list', room)
  await follow('EVENT printergroups/list', room)
  const printerIds = JSON.stringify([id])
  const group = await good('POST printergroups/add', { ...room, name: 'Workshop', printerIds })
  const groupId = String(group.groupId)
  await good('GET printergroups/list', room)
  await good('POST printergroups/rename', { ...room, groupId, name: 'Hall' })
  await good('POST printergroups/move', { ...room, groupId, place: '0' })
  await good('POST printergroups/assign', { ...room, printerIds })
  await good('POST printergroups/remove', { ...room, groupId })
  await follow('EVENT 3dprinter/printer', service)
  await follow('EVENT 3dprinter/status', { ...service, interval: '100' })
  for (const part of ['printer', 'status', 'queue', 'contents']) await good(`GET 3dprinter/${part}`, service)

  const touch = (what: string, params: Params = {}) =>
    good(`POST printercontrol/${what}`, { ...service, ...params })
  await touch('home', { axes: 'xy' })
  await touch('jog', { xMm: '10' })
  await touch('temperature', { heater: 'nozzle0', targetC: '210' })
  await touch('fan', { percent: '50' })
  await touch('gcode', { line: 'M105' })
  const { snapshot } = await printer(id, each => (each.snapshot.heaters[0]?.actualC ?? 0) > 190)
  await touch('extrude', { mm: '2' })
  await touch('macro', { name: snapshot.can.macros[0] ?? '' })

  await good('PUT 3dprinter/print', { ...service, uri: 'printer:/benchy.gcode' })
  await printer(id, each => each.snapshot.label === 'printing')
  await touch('pause')
  await printer(id, each => each.snapshot.label === 'paused')
  await touch('resume')
  await printer(id, each => each.snapshot.label === 'printing')
  await good('DELETE 3dprinter/print', service)
  await printer(id, each => each.bedToClear)
  await touch('bedclear')
  await touch('start', { path: 'benchy.gcode' })
  await printer(id, each => each.snapshot.job.state === 'running')
  await touch('cancel')
  await touch('reconnect')
  await good('GET printerhistory/temperatures', service)
  await good('GET printerhistory/states', service)
  await good('GET 3dprinter/status', service)
}

async function handFilesOver({ good, printers, put }: Owner): Promise<void> {
  const standing = (await printers()).find(({ driver }) => driver === 'prusalink')
  const service = { serviceId: standing?.serviceId ?? '' }
  const text = 'G28\n'
  const upload = { name: 'tiny.gcode', sizeBytes: String(text.length) }
  const given = await good('POST printerfiles/upload', { ...service, ...upload })
  await good('DELETE printerfiles/send', { ...service, uploadId: String(given.uploadId) })
  const { uploadId } = await good('POST printerfiles/upload', { ...service, ...upload })
  await put(`/bytes/printerfiles/${uploadId}`, text)
  await good('POST printerfiles/send', { ...service, uploadId: String(uploadId) })
  const listed = async () =>
    ((await good('GET printerfiles/list', service)) as RouteResult<'GET printerfiles/list'>).files
  const path = await vi.waitFor(async () => {
    const found = (await listed()).find(file => file.name.startsWith('tiny'))
    if (!found) throw new Error('not there yet')
    return found.path
  }, within)
  await good('POST printerfiles/delete', { ...service, path })
}

async function letThingsGoWrong({ good, follow, printer, printers }: Owner): Promise<void> {
  const board = (await printers()).find(({ driver }) => driver === 'marlin')
  const id = board?.id ?? ''
  const service = { serviceId: board?.serviceId ?? '' }
  await follow('EVENT printers/terminal', service)
  await good('PUT 3dprinter/print', { ...service, uri: 'printer:/benchy.gcode' })
  await good('POST printersetup/break', { ...room, printerId: id, fault: 'filament-runout' })
  const { snapshot } = await printer(id, each => each.snapshot.prompt !== undefined)
  await good('POST printersetup/break', { ...room, printerId: id, fault: 'load-filament' })
  await good('POST printercontrol/answer', {
    ...service,
    promptId: snapshot.prompt?.id ?? '',
    button: String((snapshot.prompt?.buttons.length ?? 1) - 1),
  })
  await good('POST printercontrol/emergencystop', service)
  await printer(id, each => each.snapshot.machine.state === 'error')
  await good('POST printercontrol/dismissfault', service)
  await good('POST printersetup/break', { ...room, printerId: id, fault: 'well' })
  await printer(id, each => each.snapshot.label === 'idle' || each.bedToClear)
  await good('POST printercontrol/restart', service)
  const isBack = ({ link, machine }: Snapshot) => link.state === 'online' && machine.state === 'idle'
  const { holds } = (await printer(id, each => isBack(each.snapshot))).snapshot
  expect(holds.length).toBeGreaterThan(0)
  for (const { class: held } of holds)
    await good('POST printercontrol/releasehold', { ...service, class: held })
  await good('POST printercontrol/stopall', room)
}

it('every answer and every frame of every route is as it is documented', async () => {
  const dir = makeTempDir()
  const earlier = createTestEngine(dir)
  await earlier.start()
  await earlier.stop()
  // So that there is something to tell the owner of.
  writeFileSync(join(dir, 'gantry.sqlite'), 'no database any more'.repeat(500))
  await cp('examples/plugins', join(dir, 'plugins'), { recursive: true })
  await cp('src/main/plugin-host/runner.js', join(dir, 'plugin-runner.js'))
  await cp('src/main/plugin-host/runner-node-gotapi.js', join(dir, 'runner-node-gotapi.js'))
  writeWaker(join(dir, 'plugins', 'waker'))
  const engine = createTestEngine(dir, { config: { demo: true } })
  await engine.start()
  const owner = await enter(engine)
  await vi.waitFor(async () => {
    for (const { snapshot } of await owner.printers()) expect(snapshot.label).toBe('idle')
  }, within)

  await askOwnThings(owner)
  await askOfPlugIns(owner)
  await askOfApplications(owner, engine)
  await setUpPrinters(owner)
  await mixThemUp(owner)
  await signInToContents(owner)
  await groupPrinters(owner)
  await printAndTouch(owner)
  await handFilesOver(owner)
  await letThingsGoWrong(owner)
  await vi.waitFor(() => {
    const events = Object.keys(routes).filter(route => route.startsWith('EVENT'))
    expect(events.filter(route => !owner.answered.has(route))).toEqual([])
  }, within)
  await owner.good('DELETE system/events')
  expect(Object.keys(routes).filter(route => !owner.answered.has(route))).toEqual([])
})
