// Adds the words of pages that only who looks after a company opens. Such a page, or
// what it shares with others, imports this file, and so fetches them.
import { office } from './en-office'
import { i18next } from './locale'

i18next.addResourceBundle('en', 'translation', office, true)
