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
  readonly what: string
  readonly make?: string
  readonly board: BoardKind
}

const notPrinter = -1
const high = 0.85
const medium = 0.6
const low = 0.5

/** printer-protocols 2.3: ids rank and label ports, they prove nothing; most printers hide behind a bridge chip. */
export const usbBoards: readonly UsbBoard[] = [
  {
    vendor: '2c99',
    product: '0003',
    sure: notPrinter,
    what: 'the boot loader of a Prusa MMU',
    board: 'native',
  },
  {
    vendor: '2c99',
    product: '0004',
    sure: notPrinter,
    what: 'a Prusa MMU, which is no printer',
    board: 'native',
  },
  {
    vendor: '2c99',
    product: '0001',
    sure: high,
    what: 'an Original Prusa MK2',
    make: 'Prusa',
    board: 'bridge',
  },
  {
    vendor: '2c99',
    product: '0002',
    sure: high,
    what: 'an Original Prusa MK3',
    make: 'Prusa',
    board: 'bridge',
  },
  {
    vendor: '2c99',
    product: '000c',
    sure: high,
    what: 'an Original Prusa MINI',
    make: 'Prusa',
    board: 'native',
  },
  {
    vendor: '2c99',
    product: '000d',
    sure: high,
    what: 'an Original Prusa MK4',
    make: 'Prusa',
    board: 'native',
  },
  { vendor: '2c99', product: '0010', sure: high, what: 'a Prusa iX', make: 'Prusa', board: 'native' },
  {
    vendor: '2c99',
    product: '0011',
    sure: high,
    what: 'an Original Prusa XL',
    make: 'Prusa',
    board: 'native',
  },
  {
    vendor: '2c99',
    product: '0017',
    sure: high,
    what: 'an Original Prusa MK3.5',
    make: 'Prusa',
    board: 'native',
  },
  { vendor: '2c99', sure: high, what: 'a board of Prusa Research', make: 'Prusa', board: 'native' },
  { vendor: '1d50', product: '60ec', sure: high, what: 'a Duet 2', make: 'Duet3D', board: 'native' },
  { vendor: '1d50', product: '60ed', sure: high, what: 'a Duet 2 Maestro', make: 'Duet3D', board: 'native' },
  { vendor: '1d50', product: '60ee', sure: high, what: 'a Duet 3', make: 'Duet3D', board: 'native' },
  { vendor: '1209', product: 'd3d8', sure: high, what: 'a Duet 0.8.5', make: 'Duet3D', board: 'native' },
  { vendor: '03eb', product: '2404', sure: high, what: 'an older Duet', make: 'Duet3D', board: 'native' },
  { vendor: '03eb', product: '6124', sure: notPrinter, what: 'a board without firmware', board: 'native' },
  { vendor: '1d50', product: '6029', sure: high, what: 'Marlin on an LPC176x board', board: 'native' },
  { vendor: '1d50', product: '6015', sure: high, what: 'a Smoothieboard', board: 'native' },
  {
    vendor: '1d50',
    product: '614e',
    sure: notPrinter,
    what: 'a board that runs Klipper: connect to its Moonraker instead',
    board: 'native',
  },
  {
    vendor: '1d50',
    product: '6177',
    sure: notPrinter,
    what: 'a board waiting for its Klipper firmware',
    board: 'native',
  },
  { vendor: '27b1', product: '0001', sure: high, what: 'a RAMBo board', board: 'bridge' },
  {
    vendor: '23c1',
    sure: notPrinter,
    what: 'a MakerBot, whose language Gantry does not speak',
    board: 'bridge',
  },
  { vendor: '2341', product: '0010', sure: medium, what: 'an Arduino Mega 2560', board: 'bridge' },
  { vendor: '2341', product: '0042', sure: medium, what: 'an Arduino Mega 2560', board: 'bridge' },
  { vendor: '2341', product: '0242', sure: medium, what: 'an Arduino Mega 2560', board: 'bridge' },
  { vendor: '2a03', product: '0042', sure: medium, what: 'an Arduino Mega 2560', board: 'bridge' },
  { vendor: '2341', product: '003d', sure: medium, what: 'an Arduino Due', board: 'bridge' },
  { vendor: '2341', product: '003e', sure: medium, what: 'an Arduino Due', board: 'native' },
  ...['7523', '5523', '7522', '55d3', '55d4'].map(
    (product): UsbBoard => ({
      vendor: '1a86',
      product,
      sure: medium,
      what: 'a CH340 serial chip, as Creality, Anet and Artillery use',
      board: 'bridge',
    }),
  ),
  {
    vendor: '10c4',
    product: 'ea60',
    sure: medium,
    what: 'a CP210x serial chip, as Anycubic and Geeetech use',
    board: 'bridge',
  },
  ...['6001', '6010', '6014', '6015'].map(
    (product): UsbBoard => ({
      vendor: '0403',
      product,
      sure: medium,
      what: 'an FTDI serial chip',
      board: 'bridge',
    }),
  ),
  { vendor: '067b', product: '2303', sure: low, what: 'a PL2303 serial chip', board: 'bridge' },
  { vendor: '067b', product: '23a3', sure: low, what: 'a PL2303 serial chip', board: 'bridge' },
  {
    vendor: '0483',
    product: '5740',
    sure: medium,
    what: 'an STM32 board, as SKR and MKS make',
    board: 'native',
  },
  { vendor: '1eaf', product: '0004', sure: medium, what: 'a Maple board', board: 'native' },
  { vendor: '28e9', product: '018a', sure: medium, what: 'a GD32 board', board: 'native' },
  {
    vendor: '16c0',
    product: '0483',
    sure: medium,
    what: 'a Teensy board, such as Printrboard',
    board: 'native',
  },
  { vendor: '2e8a', sure: low, what: 'an RP2040 board', board: 'native' },
]

export function boardOf(vendorId: string | undefined, productId: string | undefined): UsbBoard | undefined {
  const ofVendor = usbBoards.filter(each => each.vendor === vendorId?.toLowerCase())
  return (
    ofVendor.find(each => each.product === productId?.toLowerCase()) ??
    ofVendor.find(each => each.product === undefined)
  )
}
