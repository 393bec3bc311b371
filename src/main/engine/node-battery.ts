import type { Battery } from '../lib/battery.ts'
import { askProgram } from './ask-program.ts'
import { readLinuxBattery } from './battery-linux.ts'
import { parsePmset, parseWin32Battery } from './battery-text.ts'

/** The battery of this machine; undefined where it has none, or where nobody can be asked. */
export async function readNodeBattery(): Promise<Battery | undefined> {
  switch (process.platform) {
    case 'linux':
      return readLinuxBattery()
    case 'darwin':
      return parsePmset(await askProgram('pmset', ['-g', 'batt']))
    case 'win32':
      return parseWin32Battery(
        await askProgram('powershell.exe', [
          '-NoProfile',
          '-NonInteractive',
          '-Command',
          'Get-CimInstance Win32_Battery | Select-Object BatteryStatus,EstimatedChargeRemaining,EstimatedRunTime | ConvertTo-Json',
        ]),
      )
    default:
      return undefined
  }
}
