/** Minutes east of UTC in this machine's zone on the day of `at`: summer and winter have their own. */
export const zoneOffsetMin = (at: number): number => -new Date(at).getTimezoneOffset()
