import { execFile } from 'node:child_process'
import type { Battery } from '../lib/battery.ts'
import { readLinuxBattery } from './battery-linux.ts'
import { parsePmset, parseWin32Battery } from './battery-text.ts'

const TOOL_LIMIT_MS = 10_000

/** The battery of this machine; undefined where it has none, or where nobody can be asked. */
export async function readNodeBattery(): Promise<Battery | undefined> {
  switch (process.platform) {
    case 'linux':
      return readLinuxBattery()
    case 'darwin':
      return parsePmset(await ask('pmset', ['-g', 'batt']))
    case 'win32':
      return parseWin32Battery(
        await ask('powershell.exe', [
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

/** What a program prints; nothing when it is missing, fails or takes too long. */
function ask(program: string, args: readonly string[]): Promise<string> {
  return new Promise(resolve => {
    execFile(program, [...args], { timeout: TOOL_LIMIT_MS, windowsHide: true }, (error, stdout) =>
      resolve(error ? '' : stdout),
    )
  })
}
