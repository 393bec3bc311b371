/** An answer or a frame: gotapi 3.4's envelope, as plain data. */
export type Payload = Readonly<Record<string, unknown>>
