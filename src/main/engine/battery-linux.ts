import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Battery } from '../lib/battery.ts'

const folder = 'sys/class/power_supply'

/** As the kernel tells it. A mouse has a battery too, which is not the machine's; a laptop may have two. */
export async function readLinuxBattery(root = '/'): Promise<Battery | undefined> {
  const names = await readdir(join(root, folder)).catch(() => [])
  const supplies = await Promise.all(names.map(name => readSupply(join(root, folder, name))))
  const batteries = supplies.filter(({ type, scope }) => type === 'Battery' && scope !== 'Device')
  if (batteries.length === 0) return undefined
  const plugged = supplies.some(({ type, online }) => type === 'Mains' && online === '1')
  const draining = !plugged && batteries.some(({ status }) => status === 'Discharging')
  const percent = percentOf(batteries)
  const minutesLeft = draining ? minutesOf(batteries) : undefined
  return {
    draining,
    ...(percent === undefined ? {} : { percent }),
    ...(minutesLeft === undefined ? {} : { minutesLeft }),
  }
}

type Supply = Readonly<Partial<Record<(typeof files)[number], string>>>

const files = [
  'type',
  'scope',
  'status',
  'online',
  'capacity',
  'energy_now',
  'energy_full',
  'power_now',
  'charge_now',
  'charge_full',
  'current_now',
] as const

async function readSupply(supply: string): Promise<Supply> {
  const read = async (file: string) => [file, (await readFile(join(supply, file), 'utf8')).trim()] as const
  const found = await Promise.allSettled(files.map(read))
  return Object.fromEntries(found.flatMap(each => (each.status === 'fulfilled' ? [each.value] : [])))
}

/** Of all of them together where they tell what they hold, else the mean of what they say. */
function percentOf(batteries: readonly Supply[]): number | undefined {
  const now = sum(batteries, ({ energy_now, charge_now }) => energy_now ?? charge_now)
  const full = sum(batteries, ({ energy_full, charge_full }) => energy_full ?? charge_full)
  if (now !== undefined && full !== undefined && full > 0)
    return Math.min(100, Math.round((now / full) * 100))
  const said = sum(batteries, ({ capacity }) => capacity)
  return said === undefined ? undefined : Math.round(said / batteries.length)
}

function minutesOf(batteries: readonly Supply[]): number | undefined {
  const now = sum(batteries, ({ energy_now, charge_now }) => energy_now ?? charge_now)
  const rate = sum(
    batteries.filter(({ status }) => status === 'Discharging'),
    ({ power_now, current_now }) => power_now ?? current_now,
  )
  // Some drivers tell a current that flows out as a negative one, and none at all for the first seconds.
  return now === undefined || !rate ? undefined : Math.round((now / Math.abs(rate)) * 60)
}

/** undefined when one of them does not say. */
function sum(batteries: readonly Supply[], of: (battery: Supply) => string | undefined): number | undefined {
  const values = batteries.map(battery => Number(of(battery) ?? Number.NaN))
  return values.every(Number.isFinite) ? values.reduce((total, value) => total + value, 0) : undefined
}
