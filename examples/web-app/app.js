// A complete GotAPI application: it asks for access, finds a clock and a printer among the services, reads them once
// and follows them.
// gotapi-client.js does the talking; look there for the order of calls, tokens, signatures and reconnecting.

import { createGotapiClient } from './gotapi-client.js'
import { explain } from './words.js'

const server = new URLSearchParams(location.search).get('server') ?? 'http://127.0.0.1:4035'
const keyName = `room-clock key ${server}`
const tokenName = `room-clock token ${server}`
const $ = id => document.getElementById(id)

let client
let clockId
let echoId
let printerId
let unfollow
let unfollowPrinter

// The key by which Gantry signs its answers: handed over once, before the first question. Whoever answers later
// without it is somebody else.
const storedKey = localStorage.getItem(keyName)

const keeper = {
  read: () => localStorage.getItem(tokenName) ?? undefined,
  write: token =>
    token === undefined ? localStorage.removeItem(tokenName) : localStorage.setItem(tokenName, token),
}

function openClient(scopes, key) {
  client?.close()
  client = createGotapiClient({
    server,
    scopes,
    keeper,
    applicationName: 'Room clock',
    ...(key && { serverKey: { key, mode: 'text' } }),
    onSignedOut: showSignedOut,
    onLink: showLine,
  })
}

async function ask(scopes) {
  say('calm', 'Gantry is asking its owner. Look for its window, or for the terminal it runs in.')
  keeper.write(undefined)
  const key = localStorage.getItem(keyName)
  openClient(scopes, key)
  if (!key) {
    const made = randomHex(32)
    const taken = await client.deliverKey(made)
    if (taken.result !== 0) return fail(taken)
    localStorage.setItem(keyName, made)
  }
  const answer = await client.authorise()
  if (answer.result !== 0) return fail(answer)
  await discover()
}

async function discover() {
  const answer = await client.callRoute('GET servicediscovery')
  if (answer.result !== 0) return fail(answer)
  const { services } = answer
  $('service-list').replaceChildren(
    ...services.map(({ name, online }) => item(online ? name : `${name} (not reachable now)`)),
  )
  if (services.length === 0) $('service-list').append(item('Nothing: no plug-in has a service for us.'))
  clockId = services.find(({ scopes }) => scopes.includes('clock'))?.serviceId
  echoId = services.find(({ scopes }) => scopes.includes('echo'))?.serviceId
  const printer = services.find(({ scopes }) => scopes.includes('3dprinter'))
  printerId = printer?.serviceId
  $('printer-title').textContent = printer?.name ?? 'Printer'
  $('printer').hidden = !printer
  $('services').hidden = false
  $('clock').hidden = false
  $('ask').hidden = true
  $('leave').hidden = false
  say('good', clockId ? 'Connected.' : 'Connected, but Gantry has no clock. Install the clock plug-in.')
}

async function readOnce() {
  if (!clockId) return say('bad', 'Gantry has no clock. Install the clock plug-in.')
  // The first call through a plug-in waits for the owner, too.
  say('calm', 'Reading. The first time, Gantry asks its owner whether this page may use the clock.')
  const answer = await client.callRoute('GET clock/ticktack', { serviceId: clockId })
  if (answer.result !== 0) return fail(answer)
  show(answer)
  say('good', 'Read once.')
}

function toggleFollow() {
  if (unfollow) return stopFollowing('Not live.')
  if (!clockId) return say('bad', 'Gantry has no clock. Install the clock plug-in.')
  const failed = answer => {
    stopFollowing('Not live.')
    fail(answer)
  }
  unfollow = client.subscribe('EVENT clock/ticktack', { serviceId: clockId }, show, failed)
  $('follow').setAttribute('aria-pressed', 'true')
  $('follow').textContent = 'Stop'
}

function stopFollowing(text) {
  unfollow?.()
  unfollow = undefined
  $('follow').setAttribute('aria-pressed', 'false')
  $('follow').textContent = 'Show live'
  $('line').textContent = text
}

async function lookAtPrinter() {
  const answer = await client.callRoute('GET 3dprinter/status', { serviceId: printerId })
  if (answer.result !== 0) return fail(answer)
  showPrinter(answer)
  say('good', 'The printer was looked at.')
}

function toggleFollowPrinter() {
  if (unfollowPrinter) return stopFollowingPrinter()
  const failed = answer => {
    stopFollowingPrinter()
    fail(answer)
  }
  const what = { serviceId: printerId, interval: '500' }
  unfollowPrinter = client.subscribe('EVENT 3dprinter/status', what, showPrinter, failed)
  $('printer-follow').setAttribute('aria-pressed', 'true')
  $('printer-follow').textContent = 'Leave the printer'
}

function stopFollowingPrinter() {
  unfollowPrinter?.()
  unfollowPrinter = undefined
  $('printer-follow').setAttribute('aria-pressed', 'false')
  $('printer-follow').textContent = 'Follow the printer'
}

function showPrinter({ status, queue, timeStamp }) {
  const heat = status.nozzleTemp === undefined ? '' : `, nozzle at ${Math.round(status.nozzleTemp)} °C`
  const job = queue[0] ? `, ${queue[0].uri}` : ''
  $('printer-state').textContent = `${status.operatingStatus}${heat}${job}`
  $('printer-state').dataset.at = timeStamp
}

async function sayHello() {
  const answer = await client.callRoute('GET echo/echo', { serviceId: echoId ?? 'echo.echo', msg: 'Hello' })
  if (answer.result !== 0) return fail(answer)
  say('good', `The echo says: ${answer.data}`)
}

function show({ timeStamp, data }) {
  $('time').textContent = data
  $('time').dataset.at = timeStamp
}

function showLine({ state }) {
  const words = {
    off: 'Not live.',
    connecting: 'Connecting…',
    live: 'Live.',
    waiting: 'The line to Gantry broke. Trying again by itself…',
  }
  $('line').textContent = words[state]
  $('line').dataset.state = state
}

function showSignedOut() {
  const wasLive = unfollow !== undefined
  stopFollowing('Not live.')
  stopFollowingPrinter()
  $('time').textContent = '–'
  $('printer-state').textContent = '–'
  $('ask').hidden = false
  fail({ errorCode: 15 })
  if (wasLive) $('line').textContent = 'The live time has stopped.'
}

function fail(answer) {
  say('bad', explain(answer))
  $('notice').dataset.code = answer.errorCode
  if ([-2, 12, 13, 14, 15].includes(answer.errorCode)) $('ask').hidden = false
  if (answer.errorCode !== -2) return
  stopFollowing('Not live.')
  stopFollowingPrinter()
}

function say(kind, text) {
  $('notice').dataset.kind = kind
  delete $('notice').dataset.code
  $('notice').textContent = text
}

function forget() {
  stopFollowing('Not live.')
  stopFollowingPrinter()
  client?.close()
  localStorage.removeItem(keyName)
  localStorage.removeItem(tokenName)
  location.reload()
}

function item(text) {
  const li = document.createElement('li')
  li.textContent = text
  return li
}

function randomHex(bytes) {
  return [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('')
}

$('ask').addEventListener('submit', event => {
  event.preventDefault()
  const scopes = new FormData($('ask')).getAll('scope')
  if (scopes.length === 0) say('bad', 'Tick at least one thing to ask for.')
  else void ask(scopes)
})
$('leave').addEventListener('click', forget)
$('once').addEventListener('click', readOnce)
$('follow').addEventListener('click', toggleFollow)
$('hello').addEventListener('click', sayHello)
$('printer-once').addEventListener('click', lookAtPrinter)
$('printer-follow').addEventListener('click', toggleFollowPrinter)

// Been here before: the permission outlives a reload.
if (keeper.read()) {
  openClient(['clock'], storedKey)
  void discover()
}
