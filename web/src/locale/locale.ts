// i18next, with English built in, but for the words that office.ts adds. Keys are checked by the compiler.
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

import { en } from './en'
import type { office } from './en-office'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en & typeof office }
  }
}

void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false }, // React escapes
  initAsync: false,
})

export { i18next }
