/**
 * The plug-in host: GotAPI-4. It runs plug-ins – built-in ones in this process, third-party ones each in a process
 * of its own – and gives the GotAPI server one answer for every call, whatever a plug-in does. It is not for
 * deciding who may call (that is `gotapi`) and knows no profile of its own.
 */
export type { BuiltInPlugin } from './catalogue.ts'
export { createPluginHost, type PluginHost, type PluginHostDeps } from './host.ts'
export { createPluginSwitches } from './plugin-switches.ts'
export type { PluginRecord } from './record.ts'
export type {
  Guard,
  ServiceCall,
  ServiceEntry,
  ServiceEvent,
  ServiceHost,
  ServiceHostEvents,
  ThirdPartyPlugin,
} from './service-host.ts'
export { pluginIdOf } from './service-host.ts'
