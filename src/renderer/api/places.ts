/** One viewer of this browser: a tab that is signed in has its own device, token, socket and registrations. */
interface Place {
  readonly device: string
  readonly token: string
}

/** What the browser keeps for us, as far as we need it. */
export interface PlaceStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

/** Takes a place for as long as this tab lives; false when another tab sits there. */
export type TakePlace = (device: string) => Promise<boolean>

const storageKey = 'gantry.places'

const isPlace = (thing: unknown): thing is Place =>
  typeof thing === 'object' &&
  thing !== null &&
  'device' in thing &&
  'token' in thing &&
  typeof thing.device === 'string' &&
  typeof thing.token === 'string'

function parse(text: string | null): Place[] {
  try {
    const things: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(things) ? things.filter(isPlace) : []
  } catch {
    return []
  }
}

/** The places this browser is signed in at. A reload sits down again where it sat; a second tab takes another. */
export function createPlaces(storage: PlaceStorage, take: TakePlace) {
  const list = (): Place[] => parse(storage.getItem(storageKey))

  return {
    /** Any place of this browser: its token is good for asking for one more, never for following. */
    anyDevice: (): string | undefined => list()[0]?.device,

    tokenOf: (device: string): string | undefined => list().find(place => place.device === device)?.token,

    keep(device: string, token: string | undefined): void {
      const others = list().filter(place => place.device !== device)
      const next = token === undefined ? others : [...others, { device, token }]
      storage.setItem(storageKey, JSON.stringify(next))
    },

    /** A place nobody sits at, or undefined. */
    async sit(): Promise<string | undefined> {
      for (const { device } of list()) {
        if (await take(device)) return device
      }
      return undefined
    },
  }
}

export type Places = ReturnType<typeof createPlaces>

/**
 * A lock of the browser held as long as the tab lives. Where the browser has none (an insecure page), every tab
 * takes the first place: the server then lets only one of them follow events.
 */
export const takeByLock: TakePlace = device =>
  new Promise(resolve => {
    if (!('locks' in navigator)) {
      resolve(true)
      return
    }
    void navigator.locks.request(`gantry.place.${device}`, { ifAvailable: true }, lock => {
      resolve(lock !== null)
      return lock === null ? undefined : new Promise(() => {})
    })
  })
