import { z } from 'zod'
import type { RouteSpec } from '../../src/main/contract/route.ts'
import { routes } from '../../src/main/contract/routes.ts'

/** docs/api.md, drawn from the route map: whatever a route says is what a reader gets. */
export function renderApi(): string {
  const names = Object.keys(routes) as (keyof typeof routes)[]
  const profiles = [...new Set(names.map(profileOf))]
  const body = profiles.map(profile => {
    const own = names.filter(name => profileOf(name) === profile)
    return [`## ${profile}`, '', ...own.flatMap(name => renderRoute(name, routes[name]))].join('\n')
  })
  return `${[head, errorTable(), ...body].join('\n').trimEnd()}\n`
}

const head = `# The calls of Gantry

This page is made from the route map in \`src/main/contract/routes\`; \`npm run docs\` makes it anew.

Every call is \`METHOD http://127.0.0.1:4035/gotapi/PATH\`. Parameters travel in the query, or for PUT and POST in a body
(urlencoded or multipart); all of them are text. Every call needs an origin (header \`Origin\`, or \`X-GotAPI-Origin\` where
there is no browser) and, unless the scope says *none*, an \`accessToken\`. A \`nonce\` asks for a signed answer.
Every answer is a JSON object with \`result\` (0 is success), \`product\` and \`version\`; when \`result\` is 1 it has
\`errorCode\` and \`errorMessage\` instead of what is listed here, and \`reason\`, a code of Gantry's own that says more than
the number; \`reasonParams\` is there when something belongs to it. Where *EVENT* stands, PUT starts and DELETE stops
events of the same form as the answer; they come over the WebSocket \`ws://127.0.0.1:4035/gotapi/websocket\`, whose first
frame is \`{"accessToken":"…"}\`. The answer to a PUT has \`line: false\` where no WebSocket of the application is open: the
newest event is kept for it, and what nobody comes to hear within five minutes ends. Once nothing is followed any more
the WebSocket is closed, and whoever follows anew opens another. Scopes of the owner can only be had by an invitation (docs/decisions/0002-invitations.md).

What plug-ins serve is described by each plug-in itself: \`GET serviceinformation\` hands it out.
`

const meanings: Readonly<Record<number, string>> = {
  1: 'something went wrong that has no number of its own',
  2: 'no such profile, or the service does not have it',
  3: 'the method does not exist here',
  4: 'no such attribute',
  5: 'serviceId is missing',
  6: 'no such service',
  7: 'no answer in time',
  10: 'a parameter is missing or wrong',
  11: 'the owner, or the plug-in, said no',
  12: 'the access token has run out',
  13: 'the access token is missing',
  14: 'the access token does not cover the profile',
  15: 'the client or the access token is unknown, or was taken back',
  16: 'the state of the device forbids it, or there is no value yet',
  17: 'the state of Gantry forbids it',
  18: 'the origin is missing, doubled or not allowed',
  19: 'the address makes no sense',
  20: 'the profile has the name of a method',
  21: 'the plug-in is switched off, or stopped and is being started again',
  22: 'the plug-in says of itself that it is suspended',
}

function errorTable(): string {
  const rows = Object.entries(meanings).map(([code, meaning]) => `| ${code} | ${meaning} |`)
  return ['## Error codes', '', '| errorCode | meaning |', '|---|---|', ...rows, ''].join('\n')
}

const profileOf = (name: string) => (name.split(' ')[1] ?? '').split('/')[0] ?? ''

function renderRoute(name: string, spec: RouteSpec): string[] {
  const scope = spec.scope === null ? 'none' : `\`${spec.scope}\`${spec.owner ? ' (owner)' : ''}`
  const parameters = [
    ...(spec.service ? ['| `serviceId` | string | yes | the service, from `GET servicediscovery` |'] : []),
    ...fieldsOf(spec.params, 'input').map(
      ({ key, type, required, about }) => `| \`${key}\` | ${type} | ${required ? 'yes' : 'no'} | ${about} |`,
    ),
  ]
  const payload = fieldsOf(spec.result, 'output').map(
    ({ key, type, required, about }) =>
      `| \`${key}\` | ${type}${required ? '' : ', may be absent'} | ${about} |`,
  )
  return [
    `### ${name}`,
    '',
    spec.about,
    '',
    `Scope: ${scope}. Errors: ${errorsOf(spec).join(', ')}.`,
    '',
    ...(parameters.length > 0
      ? ['| parameter | type | needed | meaning |', '|---|---|---|---|', ...parameters, '']
      : []),
    ...(payload.length > 0 ? ['| answer | type | meaning |', '|---|---|---|', ...payload, ''] : []),
    '```sh',
    curlOf(name, spec),
    '```',
    '',
  ]
}

function errorsOf(spec: RouteSpec): number[] {
  const parameters = Object.keys(spec.params.shape).length > 0 ? [10] : []
  const service = spec.service ? [2, 5, 6, 7, 16, 21] : []
  const token = spec.scope === null ? [] : [12, 13, 14, 15]
  return [...service, ...parameters, ...token, 18].sort((a, b) => a - b)
}

function curlOf(name: string, spec: RouteSpec): string {
  const [method = '', path = ''] = name.split(' ')
  const needed = fieldsOf(spec.params, 'input').filter(({ required }) => required)
  const values = [
    ...(spec.scope === null ? [] : ['accessToken=$TOKEN']),
    ...(spec.service ? ['serviceId=$SERVICE'] : []),
    ...needed.map(({ key }) => `${key}=…`),
  ]
  const verb = method === 'EVENT' ? 'PUT' : method
  const how = verb === 'PUT' || verb === 'POST' ? `-X ${verb}` : `-G -X ${verb}`
  const data = values.map(value => ` -d "${value}"`).join('')
  return `curl ${how} -H 'Origin: http://app.example.test'${data} http://127.0.0.1:4035/gotapi/${path}`
}

const jsonSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.number().optional(),
  default: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
})
type JsonSchema = z.output<typeof jsonSchema>

interface Field {
  readonly key: string
  readonly type: string
  readonly required: boolean
  readonly about: string
}

function fieldsOf(schema: z.ZodObject, io: 'input' | 'output'): Field[] {
  const { properties = {}, required = [] } = jsonSchema.parse(
    z.toJSONSchema(schema, { io, unrepresentable: 'any' }),
  )
  return Object.entries(properties).map(([key, raw]) => {
    const field = jsonSchema.parse(raw)
    return { key, type: typeOf(field), required: required.includes(key), about: aboutOf(field) }
  })
}

function typeOf(field: JsonSchema): string {
  if (field.enum) return field.enum.map(value => `\`${String(value)}\``).join(', ')
  if (field.const !== undefined) return `\`${String(field.const)}\``
  const choices = field.anyOf ?? field.oneOf
  if (choices) return [...new Set(choices.map(each => typeOf(jsonSchema.parse(each))))].join(' or ')
  if (field.type === 'array') return `list of ${typeOf(jsonSchema.parse(field.items ?? {}))}`
  if (field.type === 'object') {
    const keys = Object.keys(field.properties ?? {})
    return keys.length > 0 ? `{ ${keys.map(key => `\`${key}\``).join(', ')} }` : 'object'
  }
  return field.type === undefined ? 'anything' : [field.type].flat().join(' or ')
}

function aboutOf(field: JsonSchema): string {
  // A whole number without bounds of its own carries those of the language; nobody wants to read them.
  const bound = (value: number | undefined) =>
    value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value
  const notes = [
    field.description,
    bound(field.minimum) === undefined ? undefined : `at least ${field.minimum}`,
    bound(field.maximum) === undefined ? undefined : `at most ${field.maximum}`,
    field.maxLength === undefined ? undefined : `at most ${field.maxLength} characters`,
    field.default === undefined ? undefined : `\`${JSON.stringify(field.default)}\` when left out`,
  ]
  return notes
    .filter(note => note !== undefined)
    .join('; ')
    .replaceAll('|', '\\|')
    .replaceAll('\n', ' ')
}
