import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import type { Employee } from '../api/shapes'

/** The role of somebody who is no plain employee. */
export function RoleBadge({ role }: { role: Employee['role'] }) {
  const { t } = useTranslation()
  if (role === 'employee') return null
  return (
    <Badge color={role === 'manager' ? 'pine' : 'gray'} variant="outline" tt="none" style={{ flex: 'none' }} data-testid="role">
      {t(`roles.${role}`)}
    </Badge>
  )
}

/** Says that the manager who is named does not lead any more. */
export function LostBadge({ employee }: { employee: Employee }) {
  const { t } = useTranslation()
  if (!employee.manager || employee.manager_active) return null
  return (
    <Badge color="marigold" variant="light" tt="none" data-testid="lost-manager">
      {t('roles.lost')}
    </Badge>
  )
}
