/** What the engine's gateway answers: gotapi 3.4's envelope, as plain data. */
export type Body = Readonly<Record<string, unknown>>

/** An answer in the same form from this side of the gateway. */
export const refusal = (errorCode: number, errorMessage: string): Body => ({
  result: 1,
  errorCode,
  errorMessage,
})
