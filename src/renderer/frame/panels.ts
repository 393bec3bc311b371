import { ref } from 'vue'

/** Which of the two panels over the screen is open; opened by keys and by buttons alike. */
export const paletteIsOpen = ref(false)
export const shortcutsAreOpen = ref(false)
