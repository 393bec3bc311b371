import type { Why, WhyCode } from '../contract/found.ts'

/** The reasons in English, for programs and logs. The page has words of its own in each language. */
const reasons: Readonly<Record<WhyCode, string>> = {
  'may-be-anything': 'An address may lead to anything; asking it will tell.',
  announces: 'It announces itself as {what}.',
  'announces-borrowed': 'It announces itself as {what}, as PrusaLink does too.',
  'named-like': 'Its name speaks of {what}.',
  answers: 'It answers as {what} does.',
  says: 'It says it is {what}.',
  'asks-password': 'It asks for a password as {what} does.',
  'serial-bridge': 'This is the address of a serial bridge; a printer may be behind it.',
  'serial-port': 'This is a serial port.',
  'usb-board': 'The port {port} belongs to {what}.',
  'usb-chip': 'The port {port} has a {what} chip, as {makes} use.',
  'usb-unknown': '{port} is a serial port; what is behind it is not known.',
  'usb-unknown-of': '{port} is a serial port of {what}; what is behind it is not known.',
  'usb-klipper':
    'A Klipper board is at {port}. It is run by Klipper: connect to its Moonraker over the network instead.',
  'usb-boot-loader': 'A board at {port} waits for its firmware ({what}). Restart it, or flash it.',
  'usb-helper-board': 'A {what} is at {port}: a helper of a printer, not one itself.',
  'usb-other-language': 'A {what} is at {port}. Gantry does not speak its language.',
  'usb-modem': 'A modem or receiver ({what}) is at {port}: no printer.',
}

export function fillWords(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}

export function whyInWords({ code, params }: Why): string {
  return fillWords(reasons[code], params)
}
