import { reservedNames } from '../../contract/reserved-names.ts'

/** gotapi 9: one event as it goes out. Made once, however many applications follow it. */
export interface Frame {
  readonly body: Readonly<Record<string, unknown>>
  /** The same as text, written at the first use. */
  text(): string
}

export interface FramePath {
  readonly profile: string
  readonly interface?: string
  readonly attribute?: string
}

export function createFrame(
  path: FramePath,
  serviceId: string | undefined,
  payload: Readonly<Record<string, unknown>>,
): Frame {
  const body: Record<string, unknown> = {
    result: 0,
    ...(serviceId !== undefined && { serviceId }),
    profile: path.profile,
    ...(path.interface !== undefined && { interface: path.interface }),
    ...(path.attribute !== undefined && { attribute: path.attribute }),
  }
  for (const name of Object.keys(payload)) if (!reservedNames.event.has(name)) body[name] = payload[name]
  let text: string | undefined
  return {
    body,
    text() {
      text ??= JSON.stringify(body)
      return text
    },
  }
}
