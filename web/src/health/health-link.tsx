import { Badge, NavLink } from '@mantine/core'
import { IconHeartbeat } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useMe } from '../session/use-session'
import { useHealthSummary } from './health'

/** The link to the health of the installation, for who operates it. */
export function HealthLink({ active, onClick }: { active: boolean; onClick: () => void }) {
  const { t } = useTranslation()
  const { company, role } = useMe()
  const { data } = useHealthSummary(company, role === 'admin' || role === 'auditor')
  if (!data?.operator) return null
  return (
    <NavLink
      component={Link}
      to="/health"
      label={t('health.nav')}
      leftSection={<IconHeartbeat size={20} stroke={1.7} />}
      rightSection={
        data.raised > 0 ? (
          <Badge color="red" variant="light" size="sm" data-testid="alarms-raised">
            {data.raised}
          </Badge>
        ) : undefined
      }
      active={active}
      onClick={onClick}
      style={{ borderRadius: 'var(--mantine-radius-md)' }}
    />
  )
}
