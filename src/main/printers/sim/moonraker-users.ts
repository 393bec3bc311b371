import type { Clock } from '../../lib/clock.ts'
import type { SimReply, SimRequest } from './sim-server.ts'

const tokenLifeMs = 3_600_000

/** Who may use Moonraker: its `authorization` component, with one user at most. */
export function createMoonrakerUsers(
  clock: Clock,
  login: { readonly username: string; readonly password: string } | undefined,
) {
  const given = new Map<string, number>()

  const grant = (more: object): SimReply => {
    const token = `jwt-${given.size}`
    given.set(token, clock.elapsed())
    return { status: 200, body: { result: { username: login?.username, token, ...more } } }
  }
  return {
    knows(token: string | undefined): boolean {
      const at = token === undefined ? undefined : given.get(token)
      return at !== undefined && clock.elapsed() - at < tokenLifeMs
    },
    answer(request: SimRequest, isAdmitted: boolean): SimReply | undefined {
      const body = request.json()
      switch (request.path) {
        case '/access/info': {
          const result = {
            default_source: 'moonraker',
            login_required: login !== undefined,
            // Of one who is let in by a token it says null.
            trusted: login === undefined && isAdmitted,
          }
          return { status: 200, body: { result } }
        }
        case '/access/login': {
          const isRight = body.username === login?.username && body.password === login?.password
          if (login === undefined || !isRight)
            return { status: 400, body: { error: { code: 400, message: 'Invalid Password' } } }
          return grant({ refresh_token: 'refresh-1' })
        }
        case '/access/refresh_jwt':
          return body.refresh_token === 'refresh-1' ? grant({}) : { status: 401 }
        default:
          return undefined
      }
    },
  }
}
