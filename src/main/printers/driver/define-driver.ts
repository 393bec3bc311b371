import type { z } from 'zod'
import { GantryError } from '../../contract/error.ts'
import type { DriverSpec, PrinterDriver } from './driver.ts'

/** Puts a driver's own schema between it and the world, so that every driver has one type. */
export function defineDriver<Schema extends z.ZodType<Readonly<Record<string, unknown>>>>(
  spec: DriverSpec<Schema>,
): PrinterDriver {
  const parse = (config: unknown): z.output<Schema> => {
    const parsed = spec.config.safeParse(config)
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    const field = spec.form.find(each => each.key === issue?.path[0])?.label ?? issue?.path.join('.') ?? ''
    throw new GantryError('request.invalid', `“${field}” is not right: ${issue?.message ?? 'unreadable'}.`, {
      field: issue?.path.join('.') ?? '',
    })
  }
  const { askForAccess } = spec
  return {
    id: spec.id,
    name: spec.name,
    form: spec.form,
    fields: [...spec.form.map(({ key }) => key), ...(spec.filledIn ?? [])],
    can: spec.can,
    accepts: spec.accepts ?? ['gcode'],
    recognise: spec.recognise,
    ...(spec.probe && { probe: spec.probe }),
    ...(spec.told && { told: spec.told }),
    ...(spec.openLimitMs !== undefined && { openLimitMs: spec.openLimitMs }),
    ...(askForAccess && { askForAccess: async (config, ctx) => askForAccess(parse(config), ctx) }),
    parseConfig: parse,
    open: async (config, ctx) => spec.open(parse(config), ctx),
  }
}
