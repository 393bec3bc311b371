import { describe, expect, it } from 'vitest'
import { withoutAddresses } from '../../../src/main/plugins/printer3d/addresses.ts'

describe('what a printer says, without addresses', () => {
  it.each([
    ['an IP', 'IP 192.168.1.20 taken', 'IP [address] taken'],
    ['an IP with its port', 'asked 10.0.0.7:7125.', 'asked [address].'],
    ['at the end of a sentence', 'It is at 10.0.0.7.', 'It is at [address].'],
    ['an IPv6 address', 'at fe80::1ff:fe23:4567:890a%eth0 now', 'at [address] now'],
    ['an IPv6 address with its port', 'at [2001:db8::1]:80 now', 'at [address] now'],
    ['a URL', 'see http://voron/config?x=1 for more', 'see [address] for more'],
    ['a serial bridge', '“tcp://bridge:23” broke off', '“[address] broke off'],
    ['a device file', 'could not open port /dev/ttyACM0: busy', 'could not open port [address] busy'],
    ['a stable device file', "'/dev/serial/by-id/usb-1a86_USB-if00'", "'[address]'"],
    ['a port of Windows', 'Connecting to COM3', 'Connecting to [address]'],
    ['a device of Windows', 'open \\\\.\\COM12 failed', 'open [address] failed'],
    ['a MAC address', 'MAC: DE:AD:BE:EF:12:34', 'MAC: [address]'],
    ['a name of the home network', 'octopi.local answers', '[address] answers'],
    ['a name with its port', 'mainsail.fritz.box:7125 answers', '[address] answers'],
    ['this machine', 'localhost:5000 refused', '[address] refused'],
  ])('%s is hidden', (_, text, told) => {
    expect(withoutAddresses(text)).toBe(told)
  })

  it.each([
    'ok T:210.0 /210.0 B:60.1 /60.0 @:0 B@:0',
    'Printing 42 %, ready 14:42:07',
    'G1 X1.5 Y2.25 F1200 ; :: done',
    'Klipper::state is C::x',
    "MCU 'mcu' shutdown: Timer too close",
    'file part.v2.1.gcode, layer 3/12',
    'version 2.1.2',
    'see /developer/notes',
    'COMMAND 3',
  ])('%s stays as it is', text => {
    expect(withoutAddresses(text)).toBe(text)
  })

  it('hides where the printer is known to be, whatever that looks like, and no part of another word', () => {
    const places = ['voron', 'voron:7125', 'print.example.org']
    expect(withoutAddresses('Voron:7125 and voron at print.example.org', places)).toBe(
      '[address] and [address] at [address]',
    )
    expect(withoutAddresses('voronoi, my-voron, a+b', ['voron', 'a+b', ''])).toBe(
      'voronoi, my-voron, [address]',
    )
  })
})
