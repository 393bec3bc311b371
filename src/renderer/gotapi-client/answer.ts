export type Payload = Readonly<Record<string, unknown>>

/** gotapi 3.4: `result` 0 is success; anything else carries a number and a sentence. */
export type Answer =
  | (Payload & { readonly result: 0 })
  | (Payload & {
      readonly result: 1
      readonly errorCode: number
      readonly errorMessage: string
      /** Gantry's own: other servers have numbers only. */
      readonly reason?: string
      readonly reasonParams?: Payload
    })

export type Failure = Extract<Answer, { result: 1 }>

/** gotapi 3.5, client side only: no answer came, or one that is not GotAPI. */
export const unreachable = -1
/** gotapi 3.5, client side only: the answer was not signed with the shared key. */
export const wrongServer = -2

export const codes = {
  timeout: 7,
  expired: 12,
  missing: 13,
  unknownToken: 15,
} as const

export const failure = (errorCode: number, errorMessage: string): Failure => ({
  result: 1,
  errorCode,
  errorMessage,
})

export const isPayload = (thing: unknown): thing is Payload =>
  typeof thing === 'object' && thing !== null && !Array.isArray(thing)

/** Whatever a server said, as an answer. gotapi 3.4: `result` decides, never the presence of `errorCode`. */
export function toAnswer(said: unknown): Answer {
  if (!isPayload(said) || typeof said.result !== 'number') {
    return failure(unreachable, 'what answered does not speak GotAPI')
  }
  return said.result === 0 ? { ...said, result: 0 } : toFailure(said)
}

/** What a server refused with. What it left out or made no sense of is filled in or dropped. */
export function toFailure(said: Payload): Failure {
  const { reason, reasonParams, ...rest } = said
  const code = Number(said.errorCode)
  return {
    ...rest,
    result: 1,
    errorCode: Number.isInteger(code) ? code : 1,
    errorMessage: typeof said.errorMessage === 'string' ? said.errorMessage : '',
    ...(typeof reason === 'string' && { reason, ...(isPayload(reasonParams) && { reasonParams }) }),
  }
}
