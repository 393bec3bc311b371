import { z } from 'zod'
import { GantryError } from '../contract/error.ts'
import { paramsToText } from '../contract/params.ts'
import { type CallRoute, type RouteParams, type RouteResult, routes } from '../contract/routes.ts'
import type { LockHolder } from '../engine/lock-holder.ts'

/** The command line's identity. Anybody may say it; only who can read the lock file is let in with it. */
const origin = 'gantry://cli'
const answerWithinMs = 15_000
/** gotapi 3.5 */
const refused = 11
const unknownToken = 15

const answerSchema = z.looseObject({
  result: z.number(),
  errorCode: z.number().optional(),
  errorMessage: z.string().optional(),
})

export interface CliClient {
  call<Name extends CallRoute>(route: Name, params: RouteParams<Name>): Promise<RouteResult<Name>>
}

/** Calls the Gantry that holds the data folder. Says in one sentence what is wrong when it does not work. */
export async function connect(holder: LockHolder, fetchIt: typeof fetch): Promise<CliClient> {
  const { url } = holder
  if (url === undefined)
    throw new GantryError('wire.closed', 'Gantry is just starting. Try again in a moment.')

  const send = async (name: string, params: CliParams) => {
    const [method = '', path = ''] = name.split(' ')
    const text = new URLSearchParams(paramsToText(params))
    const inBody = method === 'PUT' || method === 'POST'
    const address = new URL(`gotapi/${path}${inBody ? '' : `?${text}`}`, url)
    try {
      const response = await fetchIt(address, {
        method,
        headers: { 'X-GotAPI-Origin': origin },
        signal: AbortSignal.timeout(answerWithinMs),
        ...(inBody ? { body: text } : {}),
      })
      return answerSchema.parse(await response.json())
    } catch (thrown) {
      throw new GantryError(
        'wire.closed',
        `Gantry does not answer at ${url}. It may have ended without a word: start it again.`,
        { url },
        thrown,
      )
    }
  }

  const signIn = async (): Promise<string> => {
    const granted = mustSucceed(await send('GET authorization/grant', {}))
    const { clientId } = routes['GET authorization/grant'].result.parse(granted)
    const asked = { clientId, scope: 'all', applicationName: 'Command line', invitation: holder.cliSecret }
    const answer = await send('GET authorization/accesstoken', asked)
    if (answer.errorCode === refused) {
      throw new GantryError(
        'auth.denied',
        `What answers at ${url} does not know us: it is another Gantry, or it was started anew just now. Try again.`,
        { url },
      )
    }
    mustSucceed(answer)
    return routes['GET authorization/accesstoken'].result.parse(answer).accessToken
  }

  let accessToken = await signIn()
  return {
    async call(name, params) {
      let answer = await send(name, { ...params, accessToken })
      // Another `gantry` in another window signed in after us.
      if (answer.errorCode === unknownToken) {
        accessToken = await signIn()
        answer = await send(name, { ...params, accessToken })
      }
      return routes[name].result.parse(mustSucceed(answer)) as RouteResult<typeof name>
    },
  }
}

type CliParams = Readonly<Record<string, unknown>>
type CliAnswer = z.output<typeof answerSchema>

function mustSucceed(answer: CliAnswer): CliAnswer {
  if (answer.result === 0) return answer
  const said = answer.errorMessage || `Gantry answered with error ${answer.errorCode}.`
  throw new GantryError('request.invalid', said, { errorCode: answer.errorCode })
}
