import type { z } from 'zod'
import type { RouteTable, ServiceKind } from './route.ts'
import { approvalRoutes } from './routes/approvals.ts'
import { appRoutes } from './routes/apps.ts'
import { authorizationRoutes } from './routes/authorization.ts'
import { availabilityRoutes } from './routes/availability.ts'
import { contentsRoutes } from './routes/contents.ts'
import { discoveryRoutes } from './routes/discovery.ts'
import { engineRoutes } from './routes/engine.ts'
import { lanRoutes } from './routes/lan.ts'
import { linkRoutes } from './routes/link.ts'
import { noticesRoutes } from './routes/notices.ts'
import { pluginRoutes } from './routes/plugins.ts'
import { printer3dRoutes } from './routes/printer-3d.ts'
import { printerControlRoutes } from './routes/printer-control.ts'
import { printerGroupsRoutes } from './routes/printer-groups.ts'
import { printerSetupRoutes } from './routes/printer-setup.ts'
import { printersRoutes } from './routes/printers.ts'
import { settingsRoutes } from './routes/settings.ts'
import { systemRoutes } from './routes/system.ts'

/** Every route there is. One line per profile; the profile's own file says what it holds. */
export const routes = {
  ...availabilityRoutes,
  ...authorizationRoutes,
  ...discoveryRoutes,
  ...systemRoutes,
  ...settingsRoutes,
  ...noticesRoutes,
  ...engineRoutes,
  ...approvalRoutes,
  ...appRoutes,
  ...lanRoutes,
  ...pluginRoutes,
  ...linkRoutes,
  ...contentsRoutes,
  ...printer3dRoutes,
  ...printersRoutes,
  ...printerControlRoutes,
  ...printerGroupsRoutes,
  ...printerSetupRoutes,
} as const satisfies RouteTable

type Routes = typeof routes
export type RouteName = keyof Routes

export type EventRoute = Extract<RouteName, `EVENT ${string}`>
export type CallRoute = Exclude<RouteName, EventRoute>

/** The routes that are for one service, named by `serviceId`. */
export type RouteOfService = {
  [Name in RouteName]: Routes[Name] extends { readonly service: ServiceKind } ? Name : never
}[RouteName]

type ServiceParams<Name extends RouteName> = Name extends RouteOfService
  ? { readonly serviceId: string }
  : unknown

/** The names a schema has. One without any is typed as forbidding every name, the service's included: not meant. */
type Named<Shape> = { [Name in keyof Shape as string extends Name ? never : Name]: Shape[Name] }

/** What a caller hands over. */
export type RouteParams<Name extends RouteName> = Named<z.input<Routes[Name]['params']>> & ServiceParams<Name>
/** What a handler is given: parsed, defaults filled in. */
export type ParsedParams<Name extends RouteName> = Named<z.output<Routes[Name]['params']>>
/** The payload of an answer, or of an event frame. */
export type RouteResult<Name extends RouteName> = z.output<Routes[Name]['result']>
