/** What a printer can be told, whoever asks. The names of its words are those of the calls (`routes/printer-control.ts`). */
export type PrinterCommand =
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'emergency-stop' }
  /** 0 switches the heater off. `heater` is the id of a reading: `nozzle0`, `bed`, `chamber`. */
  | { readonly kind: 'set-temperature'; readonly heater: string; readonly targetC: number }
  /** Letters out of `xyz`; all of them when empty. */
  | { readonly kind: 'home'; readonly axes: string }
  | {
      readonly kind: 'jog'
      readonly xMm?: number
      readonly yMm?: number
      readonly zMm?: number
      readonly feedMmPerMin?: number
    }
  | { readonly kind: 'extrude'; readonly mm: number; readonly feedMmPerMin?: number }
  | { readonly kind: 'set-fan'; readonly percent: number }
  | { readonly kind: 'run-macro'; readonly name: string }
  | { readonly kind: 'send-gcode'; readonly line: string }
  /** `button` counts from 0 in the prompt's list. */
  | { readonly kind: 'answer-prompt'; readonly promptId: string; readonly button: number }
  /** Starts the machine anew, by whatever its make has for that: `capabilities.restart` says what it is. */
  | { readonly kind: 'restart-machine' }
  | { readonly kind: 'delete-file'; readonly path: string }
  | { readonly kind: 'enqueue'; readonly path: string }
  | { readonly kind: 'dequeue'; readonly id: string }

/** Each of its words. */
export const commandKinds = [
  'pause',
  'resume',
  'cancel',
  'emergency-stop',
  'set-temperature',
  'home',
  'jog',
  'extrude',
  'set-fan',
  'run-macro',
  'send-gcode',
  'answer-prompt',
  'restart-machine',
  'delete-file',
  'enqueue',
  'dequeue',
] as const satisfies readonly PrinterCommand['kind'][]
