import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import type { Consent } from '../api/shapes'
import { dateAndTime } from '../clock/clock'

/** Every decision, oldest first. */
export function Decisions({ consent, zone, own = false }: { consent: Consent; zone: string; own?: boolean }) {
  const { t } = useTranslation()
  if (consent.history.length === 0) return null
  return (
    <div>
      <Text size="sm" fw={580} mb={4}>
        {t('consent.history')}
      </Text>
      <List size="sm" spacing={2} data-testid="decisions">
        {consent.history.map((one) => (
          <List.Item key={one.at + one.state}>
            {t(`consent.state.${one.state}`)}, <span className="figures">{dateAndTime(one.at, zone)}</span>
            <Text span size="sm" c="dimmed">
              , {own && one.means === 'self' ? t('consent.by.you') : t(`consent.by.${one.means}`, { by: one.by })}
              {one.text_version && `, ${t('consent.textVersion', { version: one.text_version })}`}
            </Text>
          </List.Item>
        ))}
      </List>
    </div>
  )
}
