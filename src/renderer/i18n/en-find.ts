/** Why Gantry takes something for a printer, by `contract/found.ts`. */
export const why = {
  'may-be-anything': 'An address may lead to anything; asking it will tell.',
  announces: 'It announces itself as {what}.',
  'announces-borrowed': 'It announces itself as {what}, as PrusaLink does too.',
  'named-like': 'Its name speaks of {what}.',
  answers: 'It answers as {what} does.',
  says: 'It says it is {what}.',
  'asks-password': 'It asks for a password as {what} does.',
  'serial-bridge': 'The address of a serial bridge; a printer may be behind it.',
  'serial-port': 'This is a serial port.',
  'usb-board': 'The port belongs to {what}.',
  'usb-chip': 'The port has a {what} chip, as {makes} use.',
  'usb-unknown': 'A serial port; what is behind it is not known.',
  'usb-unknown-of': 'A serial port of {what}; what is behind it is not known.',
  'usb-klipper': 'A board run by Klipper. Connect to its Moonraker over the network instead.',
  'usb-boot-loader': 'A board waiting for its firmware ({what}). Restart it, or flash it.',
  'usb-helper-board': '{what}: a helper of a printer, not one itself.',
  'usb-other-language': '{what}: Gantry does not speak its language.',
  'usb-modem': 'A modem or receiver ({what}), no printer.',
} as const

/** What works with a make that Gantry cannot drive. */
export const foreign = {
  text: 'Gantry cannot drive this make yet. What does work:',
  usb: 'Connect it by USB: Gantry speaks to its serial port.',
  octoprint: 'Put OctoPrint beside it and add that.',
  moonraker: 'Run Moonraker on it and add that, at port 7125.',
  slicer: 'Print to it from its maker’s own slicer or app.',
  stick: 'Carry files to it on a stick or card.',
  'web-page': 'Open its own page in a browser.',
  twin: 'Two devices say they are this one. Gantry follows neither when it moves.',
} as const

/** Who a printer is and where it went, by `contract/printer-note.ts`. */
export const whoNote = {
  moved: 'Moved here from {from} on {at}; Gantry followed it.',
  'other-device':
    'Another device answers here: it says {now}, this printer said {was}. Check address and cable.',
  'other-printer': 'Here answers {owner}. Were cables or addresses swapped?',
  'same-as': '{name} says the same serial number, {serial}. If it is one printer, remove one of the two.',
  'maybe-swapped':
    'This printer and {name} were unplugged at the same time. They have no serial numbers: make sure that each is in its own socket.',
  'by-socket': 'It has no serial number. Gantry knows it by its USB socket: leave it in that one.',
  swapped: 'They changed places',
  right: 'It is right like this',
} as const
