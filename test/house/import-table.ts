/**
 * Who may import whom (docs/architecture.md). A room is a folder under `src`; the longest name that fits a file
 * is its room. `door` lists the files other rooms may reach; a room without one is open (plain types and tools).
 * `outside` lists what may be imported that is not ours, beside `node:` where `node` is true.
 */
export interface RoomRule {
  readonly may: readonly string[]
  readonly door?: readonly string[]
  readonly node: boolean
  readonly outside: readonly string[]
}

/** A make each: none knows another. */
const printerDrivers = ['octoprint', 'moonraker', 'prusalink', 'marlin'].map(
  make => `main/printers/drivers/${make}`,
)

/** What a driver stands on. */
const driverGround = ['main/printers/wire', 'main/printers/identity', 'main/printers/serial']

export const importTable: Readonly<Record<string, RoomRule>> = {
  'main/contract': { may: [], node: false, outside: ['zod'] },
  'main/lib': { may: [], node: true, outside: ['pino', 'fflate'] },
  'main/store': {
    may: ['main/contract', 'main/lib'],
    door: ['index.ts'],
    node: true,
    outside: ['@photostructure/sqlite'],
  },
  'main/handlers': {
    may: ['main/contract', 'main/lib'],
    node: true,
    outside: ['zod'],
  },
  'main/http': {
    may: ['main/contract', 'main/lib'],
    door: ['index.ts'],
    node: true,
    outside: ['selfsigned'],
  },
  'main/gotapi/protocol': { may: ['main/contract', 'main/lib', 'main/handlers'], node: true, outside: [] },
  'main/gotapi/auth': {
    may: [
      'main/contract',
      'main/lib',
      'main/store',
      'main/handlers',
      'main/plugin-host',
      'main/gotapi/protocol',
    ],
    node: true,
    outside: ['zod'],
  },
  'main/gotapi/events': {
    may: [
      'main/contract',
      'main/lib',
      'main/handlers',
      'main/plugin-host',
      'main/gotapi/protocol',
      'main/gotapi/auth',
    ],
    node: true,
    outside: [],
  },
  'main/gotapi/calls': {
    may: [
      'main/contract',
      'main/lib',
      'main/handlers',
      'main/plugin-host',
      'main/gotapi/protocol',
      'main/gotapi/auth',
      'main/gotapi/events',
    ],
    node: true,
    outside: [],
  },
  'main/gotapi/bytes': {
    may: [
      'main/contract',
      'main/lib',
      'main/handlers',
      'main/gotapi/protocol',
      'main/gotapi/auth',
      'main/gotapi/calls',
    ],
    node: true,
    outside: [],
  },
  'main/gotapi/profiles': {
    may: [
      'main/contract',
      'main/lib',
      'main/handlers',
      'main/http',
      'main/plugin-host',
      'main/gotapi/protocol',
      'main/gotapi/auth',
      'main/gotapi/events',
      'main/gotapi/calls',
    ],
    node: true,
    outside: ['qrcode'],
  },
  'main/gotapi/http': {
    may: [
      'main/contract',
      'main/lib',
      'main/http',
      'main/handlers',
      'main/gotapi/protocol',
      'main/gotapi/events',
      'main/gotapi/calls',
    ],
    node: true,
    outside: ['ws', 'zod'],
  },
  'main/gotapi': {
    may: [
      'main/contract',
      'main/lib',
      'main/store',
      'main/handlers',
      'main/http',
      'main/plugin-host',
      'main/gotapi/protocol',
      'main/gotapi/auth',
      'main/gotapi/events',
      'main/gotapi/calls',
      'main/gotapi/bytes',
      'main/gotapi/profiles',
      'main/gotapi/http',
    ],
    door: ['index.ts'],
    node: true,
    outside: [],
  },
  'main/plugin-host': {
    may: ['main/contract', 'main/lib', 'main/store', 'main/handlers'],
    door: ['index.ts', 'plugin.ts'],
    node: true,
    outside: ['zod'],
  },
  'main/owner': {
    may: ['main/contract', 'main/lib', 'main/store', 'main/handlers'],
    door: ['index.ts'],
    node: true,
    outside: ['zod'],
  },
  'main/printers': {
    may: [
      'main/contract',
      'main/lib',
      'main/store',
      ...driverGround,
      'main/printers/driver',
      'main/printers/sim',
      ...printerDrivers,
    ],
    door: ['index.ts'],
    node: true,
    outside: ['zod'],
  },
  'main/printers/wire': { may: ['main/contract', 'main/lib'], node: true, outside: ['zod', 'ws'] },
  'main/printers/identity': { may: ['main/contract', 'main/lib'], node: false, outside: ['zod'] },
  'main/printers/serial': {
    may: ['main/contract', 'main/lib', 'main/printers/wire'],
    node: true,
    outside: ['serialport'],
  },
  'main/printers/driver': {
    may: ['main/contract', 'main/lib', ...driverGround],
    node: true,
    outside: ['zod'],
  },
  'main/printers/sim': {
    may: ['main/contract', 'main/lib', 'main/printers/serial'],
    node: true,
    outside: ['ws'],
  },
  ...Object.fromEntries(
    printerDrivers.map(room => [
      room,
      {
        may: ['main/contract', 'main/lib', ...driverGround, 'main/printers/driver'],
        door: ['index.ts'],
        node: true,
        outside: ['zod'],
      },
    ]),
  ),
  'main/files': {
    may: ['main/contract', 'main/lib', 'main/handlers'],
    door: ['index.ts'],
    node: true,
    outside: [],
  },
  'main/contents': {
    may: ['main/contract', 'main/lib', 'main/store', 'main/handlers', 'main/printers'],
    door: ['index.ts'],
    node: true,
    outside: ['zod'],
  },
  'main/discovery': {
    may: ['main/contract', 'main/lib', 'main/printers'],
    door: ['index.ts'],
    node: true,
    outside: ['bonjour-service', 'zod'],
  },
  'main/plugins/printer3d': {
    may: [
      'main/files',
      'main/handlers',
      'main/contents',
      'main/discovery',
      'main/contract',
      'main/lib',
      'main/plugin-host',
      'main/printers',
    ],
    door: ['index.ts'],
    node: true,
    outside: [],
  },
  'main/engine': {
    may: [
      'main/files',
      'main/contents',
      'main/discovery',
      'main/plugins/printer3d',
      'main/contract',
      'main/lib',
      'main/handlers',
      'main/store',
      'main/handlers',
      'main/http',
      'main/gotapi',
      'main/plugin-host',
      'main/owner',
      'main/printers',
    ],
    // The command line wants to know where Gantry runs, not to load all of it.
    door: ['index.ts', 'lock-holder.ts', 'data-dir.ts', 'nearest-word.ts'],
    node: true,
    outside: ['zod'],
  },
  'main/cli': {
    may: ['main/contract', 'main/lib', 'main/engine'],
    door: ['index.ts'],
    node: true,
    outside: ['zod'],
  },
  'main/shell': {
    may: ['follow', 'main/contract', 'main/lib', 'main/handlers', 'main/engine', 'main/gotapi'],
    door: ['index.ts'],
    node: true,
    outside: ['electron', 'zod'],
  },
  main: {
    may: ['main/contract', 'main/lib', 'main/engine', 'main/shell', 'main/gotapi', 'main/cli'],
    node: true,
    outside: ['electron'],
  },
  preload: { may: ['main/contract'], node: false, outside: ['electron'] },
  follow: { may: [], door: ['index.ts'], node: false, outside: [] },
  renderer: {
    may: ['follow', 'main/contract'],
    node: false,
    outside: [
      'vue',
      'vue-router',
      'pinia',
      '@nuxt/ui',
      '@vueuse/core',
      'uplot',
      '@fontsource-variable/inter',
    ],
  },
}
