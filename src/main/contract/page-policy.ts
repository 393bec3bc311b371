/**
 * What Gantry's own pages may do, as response headers: nothing but their own files and their own server. The window
 * (`app://gantry`) and the HTTP server send the same, so a screen that works in one works in the other.
 */

const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
]

const refusedFeatures = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'serial',
  'usb',
]

/**
 * @param sockets origins beside its own that the page connects to, such as `ws://127.0.0.1:4035`: not every browser
 * counts a WebSocket to the page's own host as `'self'`.
 */
export function pageHeaders(sockets: readonly string[] = []): Record<string, string> {
  const connect = ["connect-src 'self'", ...sockets].join(' ')
  return {
    'content-security-policy': [...contentPolicy, connect].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': refusedFeatures.map(feature => `${feature}=()`).join(', '),
    // Not no-referrer: a GET to its own server carries no Origin, and gotapi 10.2 then takes the Referer.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  }
}
