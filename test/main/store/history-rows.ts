import type { VersionRows } from './history.ts'

/**
 * For every step of the schema the rows that a Gantry of that version kept, and what the step means for the rows that
 * were there before it. A table stands under the version that made it and again under each that gave it a column;
 * between them its rows are the same. Each column has a value in one row, and nothing in another where it may be empty.
 */
export const history: readonly VersionRows[] = [
  {
    version: 1,
    rows: {
      setting: [
        { name: 'language', value: '"de"', changed_at: 1_893_456_000_000 },
        { name: 'temperatureUnit', value: '"c"', changed_at: 1_893_456_000_001 },
      ],
      notice: [
        {
          id: 'store',
          severity: 'warning',
          sentence: 'store-restored',
          params: '{"asideFile":"/home/Jürgen/gantry.sqlite.damaged-1","backupAt":1893400000000}',
          since_at: 1_893_456_000_002,
        },
        { id: 'log', severity: 'error', sentence: 'log-lost', params: '{}', since_at: 0 },
      ],
    },
  },
  {
    version: 2,
    rows: {
      client: [
        {
          id: 'c-app',
          origin: 'https://print.example',
          device: '',
          name: 'Druck-App „Ümlaut“',
          token_hash: 'a'.repeat(64),
          answer_key: 'v1:AAECAwQ=',
          issued_at: 1_893_456_001_000,
          used_at: 1_893_456_002_000,
        },
        {
          id: 'c-window',
          origin: 'app://gantry',
          device: 'window',
          name: 'Gantry',
          token_hash: 'b'.repeat(64),
          answer_key: null,
          issued_at: 1_893_456_001_001,
          used_at: 1_893_456_002_001,
        },
      ],
      client_scope: [
        { client_id: 'c-app', scope: 'printer3d', expires_at: 1_909_000_000_000 },
        { client_id: 'c-app', scope: 'printerjob', expires_at: 1_909_000_000_001 },
        { client_id: 'c-window', scope: '*', expires_at: 253_402_300_799_999 },
      ],
      client_use: [
        { client_id: 'c-app', day: '2030-01-01', requests: 12_345 },
        { client_id: 'c-app', day: '2030-01-02', requests: 0 },
      ],
      paired_key: [{ origin: 'https://print.example', key: 'v1:cGFpcmVk', since_at: 1_893_456_003_000 }],
      access_fact: [
        { name: 'keyword', value: 'drei Äpfel' },
        { name: 'network', value: '1' },
      ],
    },
  },
  {
    version: 3,
    rows: {
      plugin_switch: [
        { id: 'org.example.echo', enabled: 0, changed_at: 1_893_456_004_000 },
        { id: 'org.example.clock', enabled: 1, changed_at: 1_893_456_004_001 },
      ],
    },
  },
  {
    version: 4,
    rows: {
      printer: [
        {
          id: 'p-network',
          driver: 'moonraker',
          name: 'Voron 2.4 “left”',
          identity: 'mac:00-11-22-33-44-55',
          config: '{"url":"http://192.168.0.7:7125"}',
          secrets: 'v1:c2VjcmV0',
          simulated: 0,
          cleared_job: 'job-17',
          added_at: 1_893_456_005_000,
        },
        {
          id: 'p-usb',
          driver: 'marlin',
          name: '打印机',
          identity: null,
          config: '{"port":"/dev/ttyUSB0","baudRate":115200}',
          secrets: null,
          simulated: 1,
          cleared_job: '',
          added_at: 1_893_456_005_001,
        },
      ],
    },
  },
  {
    version: 5,
    rows: {
      reading: [
        { printer_id: 'p-network', heater: 'bed', at: 1_893_456_006_000, actual_c: 59.97, target_c: 60 },
        { printer_id: 'p-network', heater: 'bed', at: 1_893_456_006_001, actual_c: 60.125, target_c: null },
        { printer_id: 'p-usb', heater: 'tool0', at: 1_893_456_006_000, actual_c: null, target_c: 0 },
      ],
      state_change: [
        { printer_id: 'p-network', at: 1_893_456_007_000, label: 'printing', text: 'Druckt „Würfel.gcode“' },
        { printer_id: 'p-usb', at: 1_893_456_007_000, label: 'offline', text: '' },
      ],
    },
  },
  {
    version: 6,
    rows: {
      client: [
        {
          id: 'c-app',
          origin: 'https://print.example',
          device: '',
          name: 'Druck-App „Ümlaut“',
          token_hash: 'a'.repeat(64),
          answer_key: 'v1:AAECAwQ=',
          issued_at: 1_893_456_001_000,
          used_at: 1_893_456_002_000,
          invited: 0,
        },
        {
          id: 'c-window',
          origin: 'app://gantry',
          device: 'window',
          name: 'Gantry',
          token_hash: 'b'.repeat(64),
          answer_key: null,
          issued_at: 1_893_456_001_001,
          used_at: 1_893_456_002_001,
          invited: 1,
        },
      ],
      client_plugin: [
        {
          client_id: 'c-app',
          plugin_id: 'org.example.echo',
          name: 'Echo',
          identity: 'sha256:0f',
          since_at: 1_893_456_008_000,
        },
      ],
    },
    // Whoever had everything is one of the owner's own programs.
    carry: ({ client = [], client_scope = [], ...others }) => ({
      ...others,
      client_scope,
      client: client.map(row => ({
        ...row,
        invited: client_scope.some(({ client_id, scope }) => client_id === row.id && scope === '*') ? 1 : 0,
      })),
    }),
  },
  {
    version: 7,
    rows: {
      contents_server: [
        {
          id: 's-school',
          url: 'https://contents.example/',
          name: 'Schule',
          login: 'password',
          session: 'v1:c2Vzc2lvbg==',
          added_at: 1_893_456_009_000,
        },
        {
          id: 's-open',
          url: 'http://10.0.0.2:8080/',
          name: 'Open',
          login: 'none',
          session: null,
          added_at: 1_893_456_009_001,
        },
      ],
    },
  },
  {
    version: 8,
    rows: {
      printer_group: [
        { id: 'g-hall', name: 'Hall', place: 0 },
        { id: 'g-empty', name: 'Büro', place: 1 },
      ],
      printer_in_group: [
        { printer_id: 'p-network', group_id: 'g-hall' },
        { printer_id: 'p-usb', group_id: 'g-hall' },
      ],
    },
  },
  { version: 9, rows: {} },
  {
    version: 10,
    rows: {
      unfinished_print: [
        {
          printer_id: 'p-usb',
          name: 'Würfel.gcode',
          path: 'uploads/Würfel.gcode',
          started_at: 1_893_456_010_000,
          at: 1_893_456_011_000,
          progress: 0.4375,
          file_line: 104_729,
          live: 1,
        },
      ],
    },
  },
  {
    version: 11,
    rows: {
      printer: [
        {
          id: 'p-network',
          driver: 'moonraker',
          name: 'Voron 2.4 “left”',
          identity: 'mac:00-11-22-33-44-55',
          config: '{"url":"http://192.168.0.7:7125"}',
          secrets: 'v1:c2VjcmV0',
          simulated: 0,
          cleared_job: 'job-17',
          added_at: 1_893_456_005_000,
          told: 'voron',
          moved_from: 'http://192.168.0.6:7125',
          moved_at: 1_893_456_012_000,
        },
        {
          id: 'p-usb',
          driver: 'marlin',
          name: '打印机',
          identity: null,
          config: '{"port":"/dev/ttyUSB0","baudRate":115200}',
          secrets: null,
          simulated: 1,
          cleared_job: '',
          added_at: 1_893_456_005_001,
          told: null,
          moved_from: null,
          moved_at: null,
        },
      ],
    },
    // Nobody had asked a printer what it is, nor seen one move.
    carry: ({ printer = [], ...others }) => ({
      ...others,
      printer: printer.map(row => ({ ...row, told: null, moved_from: null, moved_at: null })),
    }),
  },
  {
    version: 12,
    rows: {
      client: [
        {
          id: 'c-app',
          origin: 'https://print.example',
          device: '',
          via: 'loopback',
          name: 'Druck-App „Ümlaut“',
          token_hash: 'a'.repeat(64),
          answer_key: 'v1:AAECAwQ=',
          issued_at: 1_893_456_001_000,
          used_at: 1_893_456_002_000,
          invited: 0,
        },
        {
          id: 'c-window',
          origin: 'app://gantry',
          device: 'window',
          via: 'inside',
          name: 'Gantry',
          token_hash: 'b'.repeat(64),
          answer_key: null,
          issued_at: 1_893_456_001_001,
          used_at: 1_893_456_002_001,
          invited: 1,
        },
      ],
      silenced: [{ origin: 'http://nag.example', via: 'lan', since_at: 1_893_456_014_000 }],
    },
    // By which way they called was not kept: the window calls from inside, an application most likely on this machine.
    carry: ({ client = [], ...others }) => ({
      ...others,
      client: client.map(row => ({ ...row, via: row.origin === 'app://gantry' ? 'inside' : 'loopback' })),
    }),
  },
  {
    version: 13,
    rows: {
      client: [
        {
          id: 'c-app',
          origin: 'https://print.example',
          device: '',
          via: 'loopback',
          name: 'Druck-App „Ümlaut“',
          token_hash: 'a'.repeat(64),
          answer_key: 'v1:AAECAwQ=',
          issued_at: 1_893_456_001_000,
          used_at: 1_893_456_002_000,
          invited: 0,
          keeps_line: 1,
        },
        {
          id: 'c-window',
          origin: 'app://gantry',
          device: 'window',
          via: 'inside',
          name: 'Gantry',
          token_hash: 'b'.repeat(64),
          answer_key: null,
          issued_at: 1_893_456_001_001,
          used_at: 1_893_456_002_001,
          invited: 1,
          keeps_line: 0,
        },
      ],
    },
    // The line of every application was closed after its last DELETE.
    carry: ({ client = [], ...others }) => ({
      ...others,
      client: client.map(row => ({ ...row, keeps_line: 0 })),
    }),
  },
  {
    version: 14,
    rows: {
      printer: [
        {
          id: 'p-network',
          driver: 'moonraker',
          name: 'Voron 2.4 “left”',
          identity: 'mac:00-11-22-33-44-55',
          config: '{"url":"http://192.168.0.7:7125"}',
          secrets: 'v1:c2VjcmV0',
          simulated: 0,
          added_at: 1_893_456_005_000,
          told: 'voron',
          moved_from: 'http://192.168.0.6:7125',
          moved_at: 1_893_456_012_000,
        },
        {
          id: 'p-usb',
          driver: 'marlin',
          name: '打印机',
          identity: null,
          config: '{"port":"/dev/ttyUSB0","baudRate":115200}',
          secrets: null,
          simulated: 1,
          added_at: 1_893_456_005_001,
          told: null,
          moved_from: null,
          moved_at: null,
        },
      ],
      printer_fact: [
        {
          printer_id: 'p-network',
          bed: '{"state":"occupied","run":"00001A","version":7,"saidBy":"printer","at":1893456015000}',
          holds: '[{"class":"killed","text":"Halted: Überhitzung","since":1893456015001}]',
          job: '{"state":"done","run":"00001A","name":"Würfel.gcode"}',
        },
        {
          printer_id: 'p-usb',
          bed: '{"state":"unknown","version":0,"saidBy":"nobody","at":0}',
          holds: '[]',
          job: null,
        },
      ],
    },
    // Which run was taken off the bed was known by the name of its file, which two runs may have.
    carry: ({ printer = [], ...others }) => ({
      ...others,
      printer: printer.map(({ cleared_job: _, ...row }) => row),
    }),
  },
]
