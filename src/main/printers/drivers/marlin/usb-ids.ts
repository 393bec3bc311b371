import type { WhyCode } from '../../../contract/found.ts'

/** How a board behaves when its port is opened. */
export type BoardKind =
  /** A bridge chip or a second controller: DTR resets the board, which then says `start`. */
  | 'bridge'
  /** USB in the processor itself: no reset on open, and some stay silent until DTR is asserted. */
  | 'native'

export interface UsbBoard {
  readonly vendor: string
  /** Absent: every product of the vendor that no other line names. */
  readonly product?: string
  /** Below 0: surely not a printer of this family. */
  readonly sure: number
  readonly code: WhyCode
  /** A proper name, the same in every language. */
  readonly what: string
  readonly make?: string
  /** Who builds this chip into printers. */
  readonly makes?: string
  readonly board: BoardKind
}

const notPrinter = -1
const high = 0.85
const medium = 0.6
const low = 0.5

type Rest = Partial<Pick<UsbBoard, 'make' | 'makes' | 'board' | 'code'>>

function row(vendor: string, products: string, sure: number, what: string, rest: Rest = {}): UsbBoard[] {
  const about = { vendor, sure, what, code: 'usb-board', board: 'native', ...rest } as const
  return products === '*' ? [about] : products.split(' ').map(product => ({ ...about, product }))
}

const prusa = { make: 'Prusa' } as const
const duet = { make: 'Duet3D' } as const
const bridge = { board: 'bridge' } as const
const chip = (makes: string) => ({ ...bridge, code: 'usb-chip', makes }) as const
const no = (code: WhyCode): Rest => ({ code })

/** printer-protocols 2.3: ids rank and label ports, they prove nothing; most printers hide behind a bridge chip. */
export const usbBoards: readonly UsbBoard[] = [
  ...row('2c99', '0003', notPrinter, 'Prusa MMU', no('usb-boot-loader')),
  ...row('2c99', '0004', notPrinter, 'Prusa MMU', no('usb-helper-board')),
  ...row('2c99', '0001', high, 'Original Prusa MK2', { ...prusa, ...bridge }),
  ...row('2c99', '0002', high, 'Original Prusa MK3', { ...prusa, ...bridge }),
  ...row('2c99', '000c', high, 'Original Prusa MINI', prusa),
  ...row('2c99', '000d', high, 'Original Prusa MK4', prusa),
  ...row('2c99', '0010', high, 'Prusa iX', prusa),
  ...row('2c99', '0011', high, 'Original Prusa XL', prusa),
  ...row('2c99', '0017', high, 'Original Prusa MK3.5', prusa),
  ...row('2c99', '*', high, 'Prusa Research', prusa),
  ...row('1d50', '60ec', high, 'Duet 2', duet),
  ...row('1d50', '60ed', high, 'Duet 2 Maestro', duet),
  ...row('1d50', '60ee', high, 'Duet 3', duet),
  ...row('1209', 'd3d8', high, 'Duet 0.8.5', duet),
  ...row('03eb', '2404', high, 'Duet', duet),
  ...row('03eb', '6124', notPrinter, 'SAM-BA', no('usb-boot-loader')),
  ...row('1d50', '6029', high, 'Marlin LPC176x'),
  ...row('1d50', '6015', high, 'Smoothieboard'),
  ...row('1d50', '614e', notPrinter, 'Klipper', no('usb-klipper')),
  ...row('1d50', '6177', notPrinter, 'Katapult', no('usb-boot-loader')),
  ...row('27b1', '0001', high, 'RAMBo', bridge),
  ...row('23c1', '*', notPrinter, 'MakerBot', { ...bridge, code: 'usb-other-language' }),
  ...row('2341', '0010 0042 0242', medium, 'Arduino Mega 2560', bridge),
  ...row('2a03', '0042', medium, 'Arduino Mega 2560', bridge),
  ...row('2341', '003d', medium, 'Arduino Due', bridge),
  ...row('2341', '003e', medium, 'Arduino Due'),
  ...row('1a86', '7523 5523 7522 55d3 55d4', medium, 'CH340', chip('Creality, Anet, Artillery')),
  ...row('10c4', 'ea60', medium, 'CP210x', chip('Anycubic, Geeetech')),
  ...row('0403', '6001 6010 6014 6015', medium, 'FTDI', bridge),
  ...row('067b', '2303 23a3', low, 'PL2303', bridge),
  ...row('0483', '5740', medium, 'STM32', { code: 'usb-chip', makes: 'BigTreeTech SKR, MKS' }),
  ...row('1eaf', '0004', medium, 'Maple'),
  ...row('28e9', '018a', medium, 'GD32'),
  ...row('16c0', '0483', medium, 'Teensy', { code: 'usb-chip', makes: 'Printrboard' }),
  ...row('2e8a', '*', low, 'RP2040'),
  // Makers of mobile modems and satellite receivers: their ports answer, and an AT command is no G-code.
  ...[
    ['12d1', 'Huawei'],
    ['1199', 'Sierra Wireless'],
    ['2c7c', 'Quectel'],
    ['1bc7', 'Telit'],
    ['05c6', 'Qualcomm'],
    ['19d2', 'ZTE'],
    ['1e0e', 'SIMCom'],
    ['1546', 'u-blox'],
  ].flatMap(([vendor = '', what = '']) => row(vendor, '*', notPrinter, what, no('usb-modem'))),
]

export function boardOf(vendorId: string | undefined, productId: string | undefined): UsbBoard | undefined {
  const ofVendor = usbBoards.filter(each => each.vendor === vendorId?.toLowerCase())
  return (
    ofVendor.find(each => each.product === productId?.toLowerCase()) ??
    ofVendor.find(each => each.product === undefined)
  )
}
