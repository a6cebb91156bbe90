// i18next, with English built in. Keys are checked by the compiler.
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

import { en } from './en'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en }
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
