import type { RouteResult } from '../../src/main/contract/routes.ts'

type Question = RouteResult<'GET approvals'>['approvals'][number]
type Apps = RouteResult<'GET apps'>
type App = Apps['apps'][number]
type Plugin = RouteResult<'GET plugins'>['plugins'][number]

/** A Gantry at the end of `fetch`, as far as its command line uses it. It lets in who brings the secret. */
export function createGantryOverFetch(secret: string) {
  const questions: Question[] = []
  const decisions: Record<string, string>[] = []
  const apps: App[] = []
  const silenced: Apps['silenced'][number][] = []
  const unwritten: Apps['unwritten'][number][] = []
  const plugins: Plugin[] = []
  const asked: string[] = []
  const revoked: Record<string, string | undefined>[] = []
  let token = ''
  let grants = 0
  let open = true
  let isDiskFull = false

  const answerTo = (name: string, params: Record<string, string>): object => {
    if (name === 'GET authorization/grant') {
      grants += 1
      token = ''
      return { clientId: `client-${grants}` }
    }
    if (name === 'GET authorization/accesstoken') {
      if (params.invitation !== secret)
        return refuse(11, 'This invitation was used already, or its time is over.')
      token = `token-${grants}`
      return { accessToken: token, scopes: [], expire: 0 }
    }
    if (params.accessToken !== token) return refuse(15, 'This access token is not known, or was taken back.')
    return ownersAnswer(name, params)
  }

  const ownersAnswer = (name: string, params: Record<string, string>): object => {
    switch (name) {
      case 'GET approvals':
        return { approvals: questions }
      case 'PUT approvals/decision': {
        const index = questions.findIndex(({ id }) => id === params.id)
        if (index < 0) return refuse(10, 'This question is not open any more.')
        questions.splice(index, 1)
        decisions.push({ id: params.id ?? '', decision: params.decision ?? '' })
        return {}
      }
      case 'GET apps':
        return { apps, unwritten, silenced, keys: [], hasKeyword: false }
      case 'DELETE apps/client':
        apps.splice(
          apps.findIndex(({ clientId }) => clientId === params.clientId),
          1,
        )
        return { written: !isDiskFull }
      case 'DELETE apps/plugin':
        revoked.push({ clientId: params.clientId, pluginId: params.pluginId })
        return { written: !isDiskFull }
      case 'DELETE apps/silenced':
        silenced.splice(
          silenced.findIndex(({ origin, via }) => origin === params.origin && via === params.via),
          1,
        )
        return {}
      case 'GET plugins':
        return { plugins }
      case 'PUT plugins/enabled': {
        const index = plugins.findIndex(({ id }) => id === params.id)
        const plugin = plugins[index]
        if (plugin) plugins[index] = { ...plugin, state: params.enabled === 'true' ? 'running' : 'off' }
        return { plugins }
      }
      case 'POST link':
        return { link: 'http://127.0.0.1:4035/#invitation=abc', expiresAt: 0 }
      case 'GET engine':
        return {
          versions: { gantry: '0.1.0', node: '20', system: 'linux x64' },
          schemaVersion: 3,
          startedAt: 0,
          dataDir: '/data',
          rooms: [
            { name: 'store', state: 'running' },
            { name: 'printers', state: 'failed' },
          ],
        }
      default:
        return refuse(2, `no such route: ${name}`)
    }
  }

  const fetchIt: typeof fetch = async (input, init) => {
    if (!open) throw new TypeError('fetch failed')
    const url = new URL(String(input))
    const name = `${init?.method} ${url.pathname.replace('/gotapi/', '')}`
    const headers = new Headers(init?.headers)
    asked.push(name)
    const params = Object.fromEntries(new URLSearchParams(init?.body ? String(init.body) : url.search))
    const answer =
      headers.get('x-gotapi-origin') === 'gantry://cli' ? answerTo(name, params) : refuse(18, 'no origin')
    return Response.json({ result: 0, product: 'Gantry', version: '0', ...answer })
  }

  return {
    fetch: fetchIt,
    questions,
    decisions,
    apps,
    silenced,
    unwritten,
    plugins,
    asked,
    /** Plug-ins that were taken back from an application. */
    revoked,
    /** Somebody else signs in under the same name. */
    signOut: () => {
      token = 'somebody else’s'
    },
    fillDisk: () => {
      isDiskFull = true
    },
    goAway: () => {
      open = false
    },
  }
}

const refuse = (errorCode: number, errorMessage: string) => ({ result: 1, errorCode, errorMessage })
