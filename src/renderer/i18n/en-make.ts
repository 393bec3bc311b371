/** Makes of printers, in long where one is chosen and in short on a card. */
export const make = {
  marlin: 'Marlin',
  marlinLong: 'USB printer (Marlin, RepRap)',
  moonraker: 'Klipper',
  moonrakerLong: 'Klipper (Moonraker)',
  octoprint: 'OctoPrint',
  prusalink: 'PrusaLink',
  filament: 'Fused filament',
} as const

/** What went wrong, in two or three words. */
export const faultName = {
  'thermal-runaway': 'Heater out of control',
  'heating-failed': 'Does not heat',
  'sensor-fault': 'Temperature sensor',
  killed: 'Shut itself down',
  'filament-runout': 'Filament out',
  clog: 'Nozzle clogged',
  'door-open': 'Door open',
  'probe-failed': 'Probing failed',
  motion: 'Axis blocked',
  fan: 'Fan',
  media: 'File not readable',
  network: 'Network',
  'link-lost': 'Line lost',
  resend: 'Line disturbed',
  'printer-reset': 'Started anew',
  auth: 'Key refused',
  'unsupported-command': 'Unknown command',
  'firmware-fatal': 'Firmware stopped',
  'user-stop': 'Emergency stop',
  other: 'Fault',
} as const

/** The fields by which a printer is added, in the words of the printer's own screen. */
export const form = {
  address: 'Address',
  port: 'Port',
  speed: 'Speed',
  apiKey: 'API key',
  appKey: 'Application key',
  user: 'User',
  password: 'Password',
  automatic: 'Find it',
  portHelp: 'The port the printer is plugged into, or tcp://host:port of a serial bridge.',
  speedHelp: 'Usually Gantry finds it by itself.',
  moonrakerHelp: 'Of Moonraker, usually port 7125: http://mainsail.local:7125',
  apiKeyHelp:
    'Only when Moonraker does not trust this computer. Mainsail and Fluidd show it in their settings.',
  octoprintHelp: 'As you open OctoPrint in a browser: http://octopi.local',
  appKeyHelp: 'Ask OctoPrint for one from here, or copy it from its settings under “Application Keys”.',
  prusalinkHelp: 'The printer shows it under Settings, Network: http://192.168.1.20',
  userHelp:
    '“maker” on printers with a screen of their own; on a Raspberry Pi the name chosen in its wizard.',
  passwordHelp: 'The printer shows it under Settings, Network, PrusaLink.',
  moonrakerUserHelp: 'Only where Moonraker, or a proxy in front of it, asks you to log in.',
  proxyUserHelp: 'Only where a proxy in front of OctoPrint asks for one.',
  loginPasswordHelp: 'The one that belongs to this user.',
  prusalinkKeyHelp:
    'Instead of user and password, where PrusaLink on a Raspberry Pi was given one in its settings.',
} as const
