import { audit } from './en-audit'
import { calibration } from './en-calibration'
import { deliveries } from './en-deliveries'
import { health } from './en-health'
import { imports } from './en-imports'
import { models } from './en-models'
import { webhooks } from './en-webhooks'

/** The English words of pages that only who looks after a company opens. */
export const office = { ...audit, ...calibration, ...deliveries, health, imports, ...models, ...webhooks } as const
