import { z } from 'zod'

const languages = ['system', 'en', 'de', 'ja'] as const
const themes = ['system', 'light', 'dark'] as const

/** What the owner may change while Gantry runs. How one start runs is config, and not here. */
export const settingsSchema = z.object({
  language: z.enum(languages).describe('language of every screen; system: that of the machine'),
  theme: z.enum(themes).describe('light or dark; system: as the machine has it'),
  name: z
    .string()
    .trim()
    .min(1)
    .max(60)
    .regex(/^\P{Cc}*$/u, 'control characters are not allowed')
    .describe('name of this Gantry, as applications and other Gantrys see it'),
})

export type Settings = z.infer<typeof settingsSchema>
