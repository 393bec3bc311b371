import { isJobOn, layerOf, progressOf, type SimState, sizeMm } from './model.ts'

export type KlipperObjects = Record<string, Record<string, unknown>>

const printStates: Readonly<Record<SimState['machine'], string>> = {
  idle: 'standby',
  busy: 'standby',
  preparing: 'printing',
  printing: 'printing',
  pausing: 'printing',
  paused: 'paused',
  resuming: 'paused',
  cancelling: 'printing',
  finished: 'complete',
  cancelled: 'cancelled',
  attention: 'paused',
  // A shutdown ends no print by itself: its state stays as it was.
  error: 'printing',
}

const tenths = (value: number) => Math.round(value * 10) / 10

/** What Klipper says of the printer it drives, object by object. */
export function klipperObjects(state: SimState): KlipperObjects {
  const { job, machine } = state
  const heater = ({ actualC, targetC }: SimState['bed']) => ({
    temperature: tenths(actualC),
    target: targetC,
  })
  return {
    webhooks: { state: 'ready', state_message: '' },
    print_stats: {
      filename: job?.file.path ?? '',
      state: job ? printStates[machine] : 'standby',
      message: machine === 'attention' ? 'Filament runout' : '',
      print_duration: tenths(job?.printedS ?? 0),
      total_duration: tenths(job?.elapsedS ?? 0),
      filament_used: job ? tenths(job.file.filamentMm * progressOf(job)) : 0,
      info: { total_layer: job?.file.layers ?? null, current_layer: job ? layerOf(job) : null },
    },
    virtual_sdcard: { progress: job ? progressOf(job) : 0, is_active: machine === 'printing' },
    display_status: { progress: job ? progressOf(job) : 0, message: null },
    idle_timeout: { state: machine === 'busy' || isJobOn(state) ? 'Printing' : 'Ready' },
    pause_resume: { is_paused: machine === 'paused' || machine === 'attention' },
    toolhead: {
      homed_axes: state.homed ? 'xyz' : '',
      axis_maximum: [sizeMm.x, sizeMm.y, sizeMm.z, 0],
      axis_minimum: [0, 0, 0, 0],
    },
    gcode_move: { gcode_position: [state.xMm, state.yMm, state.zMm, 0] },
    extruder: heater(state.nozzle),
    heater_bed: heater(state.bed),
    fan: { speed: state.fanPercent / 100 },
    'filament_switch_sensor runout': { enabled: true, filament_detected: state.filament },
  }
}

/** Klipper and Moonraker send only the fields that changed. */
export function changedFields(before: KlipperObjects, now: KlipperObjects): KlipperObjects {
  const delta: KlipperObjects = {}
  for (const [name, fields] of Object.entries(now)) {
    const changed = Object.entries(fields).filter(
      ([key, value]) => JSON.stringify(before[name]?.[key]) !== JSON.stringify(value),
    )
    if (changed.length > 0) delta[name] = Object.fromEntries(changed)
  }
  return delta
}
