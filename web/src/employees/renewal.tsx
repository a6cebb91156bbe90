import { Alert, Badge, Text } from '@mantine/core'
import { IconCameraPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

import type { Employee } from '../api/shapes'

/** In a list: new pictures of the person's face are recommended. */
export function RenewalBadge({ employee }: { employee: Employee }) {
  const { t } = useTranslation()
  if (!employee.new_pictures) return null
  return (
    <Badge color="marigold" variant="light" tt="none" style={{ flex: 'none' }} data-testid="renewal-badge">
      {t('renewal.badge')}
    </Badge>
  )
}

/** Says why, and what to do. */
export function RenewalHint({ employee }: { employee: Employee }) {
  const { t } = useTranslation()
  const advice = employee.new_pictures
  if (!advice) return null
  const score = (value?: number) => (value ?? 0).toFixed(2)
  return (
    <Alert color="marigold" icon={<IconCameraPlus />} title={t('renewal.title', { name: employee.name })} data-testid="renewal">
      <Text size="sm">
        {t(`renewal.${advice.reason}`, {
          name: employee.name,
          before: score(advice.before),
          lately: score(advice.lately),
          pins: advice.pins ?? 0,
        })}
      </Text>
      <Text size="sm">{t('renewal.how')}</Text>
    </Alert>
  )
}
