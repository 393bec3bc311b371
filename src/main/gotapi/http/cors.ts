import type { OriginHeaders } from '../protocol/gateway.ts'

/** Names and values in turn: node writes such a list as it is, and first makes one of anything else. */
export type FlatHeaders = readonly string[]

export const privateNetwork: FlatHeaders = ['access-control-allow-private-network', 'true']

/** gotapi 3.6, and what the byte channel asks of a page. */
export const preflightHeaders: FlatHeaders = [
  'access-control-allow-methods',
  'GET, POST, PUT, DELETE, OPTIONS',
  'access-control-allow-headers',
  'content-type, x-gotapi-origin, x-requested-with, authorization, range, if-range, upload-offset',
  'access-control-max-age',
  '600',
  'content-length',
  '0',
]

/** What a page of another origin may read of an answer of the byte channel. */
export const exposedHeaders: FlatHeaders = [
  'access-control-expose-headers',
  'upload-offset, upload-length, content-range, content-disposition, etag',
]

const unnamed: FlatHeaders = ['vary', 'Origin']

/** gotapi 3.6: on refusals as well. */
export const corsHeaders = ({ origin }: OriginHeaders, isAllowed: boolean): FlatHeaders =>
  origin !== undefined && isAllowed ? [...unnamed, 'access-control-allow-origin', origin] : unnamed
